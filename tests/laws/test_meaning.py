"""Every fact is honoured: what a plan gives means what the producer's tensor means, by the facts of both sides.

Both directions. No pair passes with another meaning, whatever facts are declared; and where all
are, so that they decide the pair and a conversion exists, few pairs are not passed.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from sigcheck.planning.matching import feed
from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.array import GuardError
from tests.laws import oracle
from tests.laws.latent_pairs import draw, draw_sequences, draw_several, forget
from tests.laws.law import IS_FULL, hold

PASSING = ("fits", "adapts", "guarded")
# Of pairs that declared facts decide, so many may not be passed; and so many may be too far off for a search that
# is bounded, which must say so.
MOST_ALARMS = 0.001
MOST_STOPPED = 0.005


def judge(pair, result) -> bool:
    """Whether the result means what the value means. Raises UnclearError where the facts do not say it."""
    ours, theirs = oracle.complete(pair.provided, pair.required)
    if pair.kind in {"lengths", "mask"}:
        return _is_derived(pair, ours, result)
    if pair.kind == "boxes":
        return _are_same_boxes(pair, ours, theirs, result)
    if pair.kind == "signals" and any(
        spec.kind == "dense" and spec.facts.padding is None for spec in (pair.provided, pair.required)
    ):
        raise oracle.UnclearError("what fills the rows in one encoding is not said in the other")
    if pair.kind == "ids":
        if pair.provided.kind == "dense" and pair.provided.facts.padding is None and not pair.is_decided:
            raise oracle.UnclearError("what fills the rows need not be what the consumer fills them with")
        return oracle.rows(pair.provided, ours, pair.value) == oracle.rows(pair.required, theirs, result)
    sides = ((pair.provided, ours, pair.value), (pair.required, theirs, result))
    if pair.kind == "signals":
        (lengths, before), (found, after) = (oracle.numbers_in_rows(*side) for side in sides)
        if not pair.is_decided and oracle.is_at_limit(pair.required, theirs, result):
            raise oracle.UnclearError("a value of unknown range may be cut off, or infinite")
        return lengths == found and oracle.are_same(before, after, is_of_scores=False)
    before, after = (oracle.numbers(*side) for side in sides)
    if not pair.is_decided and oracle.is_at_limit(pair.required, theirs, result):
        raise oracle.UnclearError("a value of unknown range may be cut off, or infinite")
    if not pair.is_decided and ours.meaning in oracle.SCORES and not oracle.are_shares(before):
        raise oracle.UnclearError("no probabilities: how they are written is not declared any more")
    return oracle.are_same(before, after, is_of_scores=pair.kind == "scores")


def _are_same_boxes(pair, ours: Facts, theirs: Facts, result) -> bool:
    """Axes in front of the coordinates may stand in the other order, as their names say."""
    before = oracle.boxes(pair.provided, ours, pair.value, theirs)
    after = oracle.boxes(pair.required, theirs, result, ours)
    if not pair.is_decided and oracle.is_at_limit(pair.required, theirs, result):
        raise oracle.UnclearError("a value of unknown range may be cut off, or infinite")
    names = [spec.facts.axes for spec in (pair.provided, pair.required)]
    turned = np.swapaxes(before.values, 0, 1)
    meant = (before.values, turned) if None in names else (before.values,) if names[0] == names[1] else (turned,)
    slack = before.slack + after.slack + 2e-3
    return any(
        one.shape == after.values.shape and np.allclose(one, after.values, rtol=2e-3, atol=slack) for one in meant
    )


def _is_derived(pair, ours: Facts, result) -> bool:
    if pair.provided.facts.meaning is None or pair.required.facts.meaning is None:
        raise oracle.UnclearError("nothing says that values are to be counted")
    lengths = [len(row) for row in oracle.rows(pair.provided, ours, pair.value)]
    told = np.asarray(result).astype(np.float64)
    if pair.kind == "lengths":
        return told.tolist() == lengths
    side = ours.padding.side if ours.padding is not None and pair.provided.kind == "dense" else "post"
    size = told.shape[1]
    rows = [[1] * length + [0] * (size - length) for length in lengths]
    return told.tolist() == [row if side == "post" else row[::-1] for row in rows]


def told(pair, plan) -> str:
    sides = " -> ".join(f"{spec} {spec.facts.known()}" for spec in (pair.provided, pair.required))
    return f"{pair.kind}: {sides}: {plan}"


def try_one(random, seen: Counter[str], run_plan=None) -> None:
    """Draws a pair, plans it, and holds what the plan gives against what the facts of both sides mean."""
    pair = draw(random)
    if random.random() < 0.5:
        pair = forget(random, pair)
    outcome = search(pair.provided, pair.required, pair.policy)
    kind = f"{pair.kind}, {'all' if pair.is_decided else 'some'} facts"
    seen[kind] += 1
    if outcome.verdict not in PASSING:
        seen[f"{kind}: {outcome.verdict}{' at a limit' if outcome.is_stopped else ''}"] += 1
        return
    try:
        result = (run_plan or run_by_reference)(pair, outcome.plan)
        is_same = judge(pair, result)
    except GuardError:
        seen[f"{kind}: refused when run"] += 1
        assert not pair.is_decided, told(pair, outcome.plan)
        return
    except oracle.UnclearError:
        seen[f"{kind}: unclear"] += 1
        assert not pair.is_decided, told(pair, outcome.plan)
        return
    seen[f"{kind}: the same"] += 1
    assert is_same, told(pair, outcome.plan)


def run_by_reference(pair, plan):
    return run(pair.provided, plan, pair.value)


def run_by_tensorflow(pair, plan):
    """What the adapter that is written of the plan gives."""
    import tensorflow as tf

    from sigcheck.verification.tensors import from_tensorflow, to_tensorflow
    from tests.laws.tensorflow_judge import adapter_source

    module: dict = {}
    exec(compile(adapter_source(pair.provided, pair.required, plan), "<adapter>", "exec"), module)
    try:
        return from_tensorflow(module["adapt"]({"a": to_tensorflow(pair.value, pair.provided)})["x"])
    except tf.errors.InvalidArgumentError as error:
        raise GuardError(str(error)) from None


def test_what_passes_means_the_same():
    seen: Counter[str] = Counter()
    hold(lambda random: try_one(random, seen), usual=150, full=20_000)
    decided = sum(count for kind, count in seen.items() if kind.endswith("all facts"))
    alarms = sum(count for kind, count in seen.items() if kind.endswith(("all facts: undecided", "all facts: blocked")))
    stopped = sum(count for kind, count in seen.items() if kind.endswith("all facts: undecided at a limit"))
    if IS_FULL:
        sys.stdout.write("".join(f"{kind}: {count}\n" for kind, count in sorted(seen.items())))
        sys.stdout.write(f"{decided} decided, {alarms} of them not passed, {stopped} at a limit\n")
    assert alarms <= MOST_ALARMS * decided, seen
    assert stopped <= max(2, MOST_STOPPED * decided), seen


@pytest.mark.tensorflow
def test_what_passes_means_the_same_in_tensorflow():
    seen: Counter[str] = Counter()
    hold(lambda random: try_one(random, seen, run_by_tensorflow), usual=40, full=1_000)
    assert any(kind.endswith("the same") for kind in seen)


def test_entries_that_follow_one_another_mean_the_same_in_other_rows():
    seen: Counter[str] = Counter()

    def law(random):
        pair = draw_sequences(random)
        outcome = search(pair.provided, pair.required)
        seen[outcome.verdict] += 1
        assert outcome.verdict in PASSING, told(pair, outcome.candidates)
        assert judge(pair, run_by_reference(pair, outcome.plan)), told(pair, outcome.plan)

    hold(law, usual=100, full=10_000)
    assert {"adapts", "guarded"} <= seen.keys()


def test_each_input_of_several_is_fed_by_what_it_means():
    """Outputs and inputs are called alike, or not: then what binds them is their facts, which must not mislead."""
    seen: Counter[str] = Counter()

    def law(random):
        pairs = draw_several(random)
        is_named = random.random() < 0.5
        outputs = [Endpoint(name=f"a{at}", spec=pair.provided) for at, pair in enumerate(pairs)]
        inputs = [Endpoint(name=f"{'a' if is_named else 'x'}{at}", spec=pair.required) for at, pair in enumerate(pairs)]
        match = feed(random.sample(outputs, len(outputs)), random.sample(inputs, len(inputs)))
        for binding in match.bindings:
            at = int(binding.required[1:])
            seen[f"{'named' if is_named else 'unnamed'}: {binding.verdict}"] += 1
            if binding.verdict not in PASSING or binding.plan is None:
                continue
            given, meant = pairs[int(binding.provided[1:])], pairs[at]
            assert given is meant or not is_named, binding
            # Facts need not tell two outputs apart; then each is fed as what it means.
            pair = replace(given, required=meant.required)
            if given.kind != meant.kind:
                # Numbers of no declared meaning may be scores, for all that is said of them.
                assert None in (given.provided.facts.meaning, meant.required.facts.meaning), told(pair, binding.plan)
                continue
            with suppress(GuardError):
                assert judge(pair, run(pair.provided, binding.plan, pair.value)), told(pair, binding.plan)

    hold(law, usual=40, full=2_000)
    assert seen["named: adapts"]
    assert seen["unnamed: adapts"]
