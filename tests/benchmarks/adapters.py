"""Emitted adapters against the best versions written by hand, other orders of their steps, and fused models.

python tests/benchmarks/adapters.py [--cases] [--orders] [--fused]    all of it where nothing is named

The cases run on one thread under tf.function, compiled by XLA, and in NumPy, on batches of 1 and 32, taking turns with
every version that is written by hand, of which the fastest counts. Figures are CPU times that a fifth of the turns are
below: what else the machine does only adds. A claim is judged on the geometric mean over the batch sizes.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf
from adapter_cases import CASES, Case, Function
from measure import ROOT, judge, say

import sigcheck
from sigcheck.adapters.emitted import load_emitted
from sigcheck.adapters.module import load_adapt
from sigcheck.adapters.numpy_source import write_numpy
from sigcheck.adapters.python_source import write_python
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding, Side
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.transforms import BY_NAME

BATCHES = (1, 32)
# The most time of the best hand-written version: in the mean of all pairs, and of one. Then of the best other order,
# and of the parts one by one.
MEAN_OF_HAND, MOST_OF_HAND = 1.0, 1.10
MOST_OF_ORDERS = 1.10
MOST_OF_PARTS = 1.0
# The mean of so many ratios is off by a few hundredths on a machine that does other work too.
NOISE = 0.03
ROUNDS = 31
# Shorter calls are repeated until a turn takes this long, in seconds.
TURN = 0.004

FACTS = {"producer": {"pressure": {"range": [30_000, 110_000]}}, "consumer": {"readings": {"range": [0, 1]}}}
MODES = ("TensorFlow", "XLA", "NumPy")


def main(asked: set[str]) -> int:
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    claims: dict[str, bool] = {}
    if not asked or "--cases" in asked:
        claims |= compare_with_hands()
    if not asked or "--orders" in asked:
        claims |= compare_orders()
    if not asked or "--fused" in asked:
        claims |= compare_fused()
    return judge(claims)


def compare_with_hands() -> dict[str, bool]:
    """Each pair in each mode, its time as a share of that of the fastest version written by hand."""
    say(f"| pair | steps | {' | '.join(MODES)} |")
    say("| --- " * (2 + len(MODES)) + "|")
    found: dict[str, dict[str, float]] = {mode: {} for mode in MODES}
    for name, case in CASES.items():
        binding, source = plan(case)
        for mode in MODES:
            ratio = of_hand(mode, case, binding, source)
            if ratio is not None:
                found[mode][name] = ratio
        steps = ", ".join(step.transform for step in binding.plan.steps)
        told = [f"{found[mode][name]:.2f}" if name in found[mode] else "" for mode in MODES]
        say(f"| {name} | {steps} | {' | '.join(told)} |")
    claims = {}
    for mode, ratios in found.items():
        mean, worst = statistics.geometric_mean(ratios.values()), max(ratios, key=lambda name: ratios[name])
        say(f"| {mode}: {len(ratios)} pairs | | mean {mean:.2f} | worst {ratios[worst]:.2f} | {worst} |")
        claims[f"{mode}: {MEAN_OF_HAND:.2f} of the versions written by hand in the mean"] = mean <= MEAN_OF_HAND + NOISE
        claims[f"{mode}: at most {MOST_OF_HAND} of one"] = ratios[worst] <= MOST_OF_HAND + NOISE
    return claims


def of_hand(mode: str, case: Case, binding: Binding, source: str) -> float | None:
    """The time of what is emitted as a share of the fastest version written by hand; None where there is none."""
    if mode == "NumPy":
        if not case.in_numpy:
            return None
        # By hand as it would be called too: from outputs by name, arrays or lists, to inputs by name.
        emitted = lone(load_emitted(write_numpy(SIDE, SIDE, [binding])))
        by_hand = tuple(lone(entered(of, binding.provided_spec.dtype or "")) for of in case.in_numpy)
    else:
        if mode == "XLA" and not case.has_xla:
            return None
        emitted, by_hand = lone(load_adapt(source)), case.by_hand
    ratios = []
    for batch in BATCHES:
        value = generate(binding, batch)
        functions = {"emitted": emitted, **{str(at): one for at, one in enumerate(by_hand)}}
        if mode == "NumPy":
            value = value.numpy()
        else:
            functions = {name: traced(one, value, is_compiled=mode == "XLA") for name, one in functions.items()}
        wanted = flat(functions["emitted"](value))
        for one in functions.values():
            for got, want in zip(flat(one(value)), wanted, strict=True):
                np.testing.assert_allclose(np.float64(got), np.float64(want), rtol=2e-3, atol=2e-5)
        seconds = medians(functions, value)
        own = seconds.pop("emitted")
        ratios.append(own / min(seconds.values()))
    return statistics.geometric_mean(ratios)


def compare_orders() -> dict[str, bool]:
    """Each plan against the other orders of its steps that give the same values."""
    say("\n| plan | others | slowest, of this | fastest, of this |\n| --- | --- | --- | --- |")
    claims = {}
    for name, case in CASES.items():
        binding, source = plan(case)
        value = generate(binding, 32)
        chosen = traced(lone(load_adapt(source)), value)
        functions = {"chosen": chosen}
        for steps in other_orders(binding):
            other = binding.model_copy(update={"plan": Plan(steps=steps)})
            candidate = traced(lone(load_adapt(write_python(SIDE, SIDE, [other]))), value)
            if same(candidate(value), chosen(value)):
                functions[", ".join(step.transform for step in steps)] = candidate
        if len(functions) == 1:
            continue
        seconds = medians(functions, value)
        own = seconds.pop("chosen")
        fastest = min(seconds, key=lambda one: seconds[one])
        say(
            f"| {name} | {len(seconds)} | {max(seconds.values()) / own:.2f} "
            f"| {seconds[fastest] / own:.2f} ({fastest}) |"
        )
        claims[f"{name}: no other order is over {MOST_OF_ORDERS:g} times as fast"] = (
            own <= MOST_OF_ORDERS * seconds[fastest]
        )
    return claims


def other_orders(binding: Binding) -> Iterator[tuple[Any, ...]]:
    """The other orders of the steps, each proposed again on the spec that it then meets."""
    steps = binding.plan.steps
    for order in itertools.permutations(steps):
        if order == steps:
            continue
        spec, made = binding.provided_spec, []
        for step in order:
            again = [
                one
                for one in BY_NAME[step.transform].propose(spec, binding.required_spec)
                if without_places(one) == without_places(step)
            ]
            if not again:
                break
            made.append(again[0])
            spec = again[0].result
        else:
            if spec.is_subtype_of(binding.required_spec):
                yield tuple(made)


def without_places(step: Any) -> dict[str, Any]:
    """The arguments of a step that do not depend on where the axes are."""
    return {name: value for name, value in step.arguments.items() if name not in {"axis", "perm"}}


def compare_fused() -> dict[str, bool]:
    """Fused models against their parts, adapter included, each a function called one after the other."""
    say("\n| pipeline | " + " | ".join(f"{batch}: us, of parts" for batch in BATCHES) + " | all |")
    say("| --- " * (2 + len(BATCHES)) + "|")
    claims = {}
    fixtures = ROOT / "fixtures"
    for name, producer, consumer, make in (
        (
            "rank",
            "rank/encoder",
            "rank/classifier.keras",
            lambda n: {"measurements": tf.random.normal([n, 24], seed=1)},
        ),
        ("range", "range/sensor.keras", "range/scorer", lambda n: {"voltages": tf.random.normal([n, 8], seed=1)}),
    ):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "fused")
            sources = (fixtures / producer, fixtures / consumer)
            facts = FACTS if name == "range" else None
            sigcheck.fuse(sources, target, verify="typed", facts=facts)
            exported = Path(folder, "parts")
            sigcheck.fuse(sources, exported, verify="typed", facts=facts, triton=True)
            paths = sorted(exported.glob("*/1/model.savedmodel"), key=lambda path: order_of(path.parts[-3], sources))
            models = [tf.saved_model.load(str(path)) for path in paths]
            parts = [model.signatures["serving_default"] for model in models]
            fused_model = tf.saved_model.load(str(target))
            fused = fused_model.signatures["serving_default"]
            ratios, cells = [], []
            for batch in BATCHES:
                value = make(batch)
                by_parts, whole = one_by_one(parts), one_by_one([fused])
                assert same(whole(value), by_parts(value)), name
                seconds = medians({"fused": whole, "parts": by_parts}, value)
                ratios.append(seconds["fused"] / seconds["parts"])
                cells.append(f"{seconds['fused'] * 1e6:.0f}, {ratios[-1]:.2f}")
        mean = statistics.geometric_mean(ratios)
        say(f"| {name} | {' | '.join(cells)} | {mean:.2f} |")
        claims[f"{name} fused: at most {MOST_OF_PARTS:g} of the parts one after the other, equal values"] = (
            mean <= MOST_OF_PARTS
        )
    return claims


def order_of(name: str, sources: tuple[Path, Path]) -> int:
    stems = [source.stem for source in sources]
    return [stems[0], "_to_".join(stems), stems[1]].index(name)


def one_by_one(parts: list[Any]) -> Function:
    def run(value: Mapping[str, Any]) -> Any:
        for part in parts:
            value = part(**arguments(part, value))
        return value

    return run


def arguments(part: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """The values as a signature takes them: ragged ones in parts."""
    given: dict[str, Any] = {}
    for name, tensor in value.items():
        if isinstance(tensor, tf.RaggedTensor):
            given |= {name: tensor.flat_values, f"{name}_1": tensor.row_splits}
        else:
            given[name] = tensor
    return given


SIDE = Side(source="benchmark", reader="signature", key="k")


def plan(case: Case) -> tuple[Binding, str]:
    """The binding that is planned for a case, and its code."""
    ends = [
        Endpoint(name="x", spec=parse_spec(spec).replace(facts=Facts.model_validate(facts)))
        for spec, facts in (case.provided, case.required)
    ]
    report = sigcheck.check(Signature(outputs=(ends[0],)), Signature(inputs=(ends[1],)), verify="typed")
    assert report.adapter is not None, str(report)
    return report.bindings[0], report.adapter.source


def lone(adapt: Callable[[dict[str, Any]], dict[str, Any]]) -> Function:
    return lambda x: adapt({"x": x})["x"]


def entered(of: Function, dtype: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The version written by hand behind its entry, which names the dtype as people write it, by its name."""
    made: Callable[[dict[str, Any]], dict[str, Any]] = eval(  # the text is this file's
        f'lambda outputs: {{"x": of(np.asarray(outputs["x"], np.{dtype}))}}', {"np": np, "of": of}
    )
    return made


def generate(binding: Binding, batch: int) -> Any:
    spec, random = binding.provided_spec, np.random.default_rng(0)
    if spec.kind == "ragged":
        lengths = random.integers(20, 128, batch)
        return tf.RaggedTensor.from_row_lengths(random.integers(1, 1000, lengths.sum(), np.int32), lengths)
    low, high = spec.facts.range or (0, 100)
    shape = [batch if size is None else size for size in spec.shape or ()]
    return tf.constant(random.uniform(low, high, shape).astype(spec.dtype))


def traced(function: Function, value: Any, *, is_compiled: bool = False) -> Function:
    """The function as TensorFlow runs it, its batch left open, or as XLA compiles it."""
    spec = tf.type_spec_from_value(value)
    if isinstance(spec, tf.TensorSpec):
        spec = tf.TensorSpec([None, *spec.shape[1:]], spec.dtype)
    else:
        spec = tf.RaggedTensorSpec([None, None], spec.dtype, ragged_rank=1)
    concrete: Function = tf.function(function, autograph=False, jit_compile=is_compiled or None).get_concrete_function(
        spec
    )
    return concrete


def medians(functions: Mapping[str, Function], value: Any) -> dict[str, float]:
    """CPU seconds of one call of each, which a fifth of the turns are below; they take turns."""
    counts = {}
    for name, function in functions.items():
        for _ in range(3):
            function(value)
        counts[name] = max(1, int(TURN / max(1e-6, turn(function, value, 3))))
    repeats = min(counts.values())
    rounds: list[dict[str, float]] = []
    for at in range(ROUNDS):
        names = list(functions) if at % 2 else list(functions)[::-1]
        rounds.append({name: turn(functions[name], value, repeats) for name in names})
    return {name: sorted(one[name] for one in rounds)[len(rounds) // 5] for name in functions}


def turn(function: Function, value: Any, repeats: int) -> float:
    begin = time.process_time()
    for _ in range(repeats):
        function(value)
    return (time.process_time() - begin) / repeats


def flat(value: Any) -> list[Any]:
    """The arrays of a tensor, or an array."""
    if isinstance(value, np.ndarray):
        return [value]
    return [one.numpy() for one in tf.nest.flatten(value, expand_composites=True)]


def same(one: Any, other: Any) -> bool:
    return all(
        a.shape == b.shape and np.allclose(np.float64(a), np.float64(b), rtol=1e-5, atol=1e-6)
        for a, b in zip(flat(one), flat(other), strict=True)
    )


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
