"""Compare: what a rule says of an operation with open sizes, and what TensorFlow does at many sizes.

TF_ENABLE_ONEDNN_OPTS=0 python -m tests.sizes.operations.compare FILE SEEDS SIZES [OPERATION ...]
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path

import numpy as np
import tensorflow as tf

from sigcheck.encodings.wire import Span
from sigcheck.readers.graph_def import flatten
from sigcheck.readers.graph_def.body import read_graph
from sigcheck.sizes import walk as walking
from sigcheck.sizes.expression import Expression, Variable, variable
from sigcheck.sizes.operations import rule_of, rules
from sigcheck.sizes.substitution import evaluate
from sigcheck.sizes.tensor import Sized, add
from tests.sizes.operations.draw import Draw, Fed, draw_sizes, flat, v1

MOST_SIZE = 9
_MANY = 10
_MOST_TRIES, _LEAST_RUN = 8, 3
# No kernel of these on a CPU: the shape function alone tells.
_NO_KERNEL = (
    "No OpKernel",
    "only supports",
    "only supported",
    "not supported on CPU",
    "Could not find device",
    "not yet supported",
)

_PLAIN = v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
_PLAIN.graph_options.rewrite_options.disable_meta_optimizer = True
_PLAIN.graph_options.optimizer_options.opt_level = v1.OptimizerOptions.L0


@dataclass
class Outcome:
    """What TensorFlow makes of these sizes: the values of the results, or a message."""

    sizes: dict[tuple[str, int], int]
    gives: list[np.ndarray | tuple[int | None, ...] | None] | None
    message: str = ""


@dataclass
class Trial:
    """An operation with open sizes as a file has it, and its outcomes."""

    seed: int
    graph: bytes
    fed: dict[str, Fed]
    outputs: list[str]
    outcomes: list[Outcome]


@dataclass
class Tally:
    """How often an operation ran and failed, how often that was said, and what was said wrong."""

    ran: int = 0
    failed: int = 0
    explained: int = 0
    axes: int = 0
    said: int = 0
    wrong: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)


def cases():
    """The case of each operation, from the files beside this one."""
    found = {}
    for path in sorted((Path(__file__).parent / "cases").glob("*.py")):
        found.update(import_module(f"tests.sizes.operations.cases.{path.stem}").CASES)
    return found


def try_out(case, seed: int, count: int) -> Trial | None:
    """None where TensorFlow refuses the attributes at any size."""
    draw = Draw(seed)
    with tf.Graph().as_default() as graph:
        try:
            outputs = [one.name for one in _plain(case(draw))]
        except (ValueError, TypeError, tf.errors.OpError):
            return None
    rng = random.Random(seed + 1)
    outcomes = [run(case, seed, draw_sizes(draw.fed, rng, MOST_SIZE)) for _ in range(count)]
    return Trial(seed, graph.as_graph_def(add_shapes=False).SerializeToString(), draw.fed, outputs, outcomes)


def tried(case, offset: int, seeds: int, count: int) -> list[Trial]:
    """So many, and more until some of them run."""
    found: list[Trial] = []
    ran = 0
    for seed in range(_MOST_TRIES * seeds):
        one = try_out(case, 1000 * seed + offset, count)
        if one is not None:
            found.append(one)
            ran += any(each.gives is not None for each in one.outcomes)
        if len(found) >= seeds and ran >= min(seeds, _LEAST_RUN):
            break
    return found


def run(case, seed: int, sizes: dict[tuple[str, int], int]) -> Outcome:
    draw = Draw(seed, sizes)
    with tf.Graph().as_default() as graph:
        try:
            results = _plain(case(draw))
        except (ValueError, TypeError) as error:
            return Outcome(sizes, None, str(error).splitlines()[0])
        numbers = np.random.default_rng(seed)
        feeds = {f"{name}:0": _values(one, name, sizes, numbers) for name, one in draw.fed.items()}
        try:
            with v1.Session(graph=graph, config=_PLAIN) as session:
                return Outcome(sizes, [np.asarray(one) for one in session.run(results, feeds)])
        except tf.errors.OpError as error:
            if any(text in error.message for text in _NO_KERNEL):
                return Outcome(sizes, [None if one.shape.rank is None else tuple(one.shape) for one in results])
            return Outcome(sizes, None, _reason(error.message))


def _reason(message: str) -> str:
    lines = [line for line in message.splitlines() if line and "execution error" not in line and 'File "' not in line]
    return next((line for line in reversed(lines) if "[[" not in line and "node" not in line), lines[-1])


def _plain(results):
    """The results that can be looked at."""
    return [one for one in flat(results) if one.dtype not in {tf.variant, tf.resource}]


def _values(fed: Fed, name: str, sizes, numbers):
    shape = [sizes.get((name, axis), one) for axis, one in enumerate(fed.shape)]
    if fed.dtype == "string":
        return np.full(shape, b"a", object)
    kind = tf.as_dtype(fed.dtype).as_numpy_dtype
    if fed.dtype.startswith(("int", "uint")):
        return numbers.integers(fed.low, fed.high, shape).astype(kind)
    if fed.dtype == "bool":
        return numbers.integers(0, 2, shape).astype(bool)
    return numbers.uniform(0.1, 0.9, shape).astype(kind)


def judge(trial: Trial, tally: Tally) -> None:
    graph = _lowered(trial)
    fed = {
        name: tuple(variable(f"{name}.{axis}") if isinstance(one, str) else one for axis, one in enumerate(each.shape))
        for name, each in trial.fed.items()
    }
    found = walking.walk(graph, fed)
    for outcome in trial.outcomes:
        sizes = {Variable(f"{name}.{axis}"): size for (name, axis), size in outcome.sizes.items()}
        unmet = [str(one) for one in found.conditions if one.is_known and not one.holds(sizes)]
        told = f"seed {trial.seed} at {', '.join(f'{one}={size}' for one, size in sizes.items())}"
        if outcome.gives is None:
            tally.failed += 1
            tally.explained += bool(unmet)
            if not unmet:
                tally.unexplained.append(f"{told}: {outcome.message[:160]}")
            continue
        tally.ran += 1
        # What a shape function lets pass a kernel may refuse.
        is_run = all(isinstance(one, np.ndarray) for one in outcome.gives)
        if unmet and is_run and not any(0 in _shape(one) for one in outcome.gives):
            tally.wrong.append(f"{told}: said to fail by {unmet}, gives {[_shape(one) for one in outcome.gives]}")
        if unmet:
            continue
        for name, given in zip(trial.outputs, outcome.gives, strict=True):
            one = found.tensors.get(name)
            if one is not None and given is not None:
                tally.wrong += [f"{told}: {each}" for each in _wrong(one, given, sizes)]
                tally.axes += len(_shape(given))
                tally.said += 0 if one.sizes is None else sum(_is_known(size) for size in one.sizes)


def _shape(value) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else value.shape


def _is_known(size) -> bool:
    return isinstance(size, int) or size.is_known


def _wrong(said: Sized, given, sizes: Mapping[Variable, int]):
    shape = _shape(given)
    if said.sizes is not None:
        told = [_number(size, sizes) for size in said.sizes]
        if len(told) != len(shape) or any(None not in {a, b} and a != b for a, b in zip(told, shape, strict=True)):
            yield f"said {said.sizes}, gives {shape}"
    if isinstance(given, tuple):
        return
    if said.numbers is not None:
        values = [_number(size, sizes) for size in said.numbers]
        if len(values) != given.size or any(
            a not in {None, int(b)} for a, b in zip(values, given.ravel(), strict=True)
        ):
            yield f"said to be {said.numbers}, is {given.ravel()}"
    if said.reals is not None:
        values = [_number(size, sizes) for size in said.reals.over]
        if len(values) != given.size or any(
            a is not None and a / said.reals.under != b for a, b in zip(values, given.ravel(), strict=True)
        ):
            yield f"said to be {said.reals}, is {given.ravel()}"
    below = None if said.below is None else _number(said.below, sizes)
    if below is not None and given.size and not (given.min() >= 0 and given.max() < below):
        yield f"said to be below {said.below}, is {given.ravel()}"


def _number(size: int | Expression, sizes: Mapping[Variable, int]) -> int | None:
    if isinstance(size, int):
        return size
    return evaluate(size, sizes) if size.is_known else None


def _lowered(trial: Trial):
    """The graph with its calls left as they are: they are put in their place elsewhere."""
    data = trial.graph
    body, library = read_graph(data, Span(0, len(data)))
    flatten.MAX_CALLS = 0
    return flatten.Flattener(data, body, library).flatten(
        {name: f"{name}:0" for name in trial.fed}, {name: name for name in trial.outputs}
    )


def broken(op: str):
    """The table with a rule whose first result is one longer than it says: what compares must notice."""
    table = dict(rules())
    plain = table[op]

    def wrong(call):
        results = plain(call)
        many = [results] if isinstance(results, Sized) else list(results)
        return [_longer(one) for one in many]

    table[op] = wrong
    return table.get


def _longer(one: Sized) -> Sized:
    if one.items is not None:
        told = one.items.sizes if one.items.is_unset or one.items.sizes is None else _more(one.items.sizes)
        return one._replace(items=replace(one.items, count=add(one.items.count, 1), sizes=told))
    return one if one.sizes is None else Sized(_more(one.sizes))


def _more(sizes):
    """One longer along the last axis; of an unknown length, or of none, another axis."""
    return (*sizes[:-1], add(sizes[-1], 1)) if sizes and _is_known(sizes[-1]) else (*sizes, 1)


def main(seeds: int, count: int, wanted: list[str]):
    found = {}
    sharing = Counter(rules().values())
    for op, case in cases().items():
        if wanted and op not in wanted:
            continue
        # Of many operations that share a rule each needs fewer tries.
        trials = tried(case, len(op), seeds if sharing[rules().get(op)] < _MANY else -(-seeds // 3), count)
        tally, mutant = Tally(), Tally()
        for one in trials:
            judge(one, tally)
        if op in rules():
            walking.rule_of = broken(op)
            for one in trials:
                judge(one, mutant)
            walking.rule_of = rule_of
        found[op] = {**tally.__dict__, "trials": len(trials), "mutant": len(mutant.wrong) > len(tally.wrong)}
    return found


if __name__ == "__main__":
    listed = [op for op in rules() if hasattr(tf.raw_ops, op)]
    tallies = main(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
    Path(sys.argv[1]).write_text(json.dumps({"listed": listed, "tallies": tallies}))
