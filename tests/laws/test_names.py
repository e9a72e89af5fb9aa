"""Names bind: what ends in the consumer's axis of a name is what the producer had there."""

from __future__ import annotations

from collections import Counter
from itertools import islice, product

import numpy as np

from sigcheck.junctions import JUNCTIONS
from sigcheck.planning.matching import feed
from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.junction import FAN_IN, Junction
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray
from tests.laws.law import hold
from tests.laws.named_pairs import NAMES, PASSING, SIZES, draw_named_pair, draw_odd_names, result_of
from tests.laws.names_oracle import misplaced, numbered

POLICIES = (Policy(), Policy(), Policy(loss="truncating"))
# Arrays looked at for each plan: some sizes for each axis of unknown size.
MOST_ARRAYS = 24
# Of pairs that names decide so many may be too far off for a search that is bounded; it must then say so.
MOST_STOPPED = 0.002


def test_pairs_that_names_decide_pass_and_give_the_truth():
    seen: Counter[str] = Counter()

    def law(random):
        pair = draw_named_pair(random)
        provided = pair.provided()
        outcome = search(provided, pair.required())
        seen["pairs"] += 1
        if outcome.is_stopped and outcome.verdict == "undecided":
            seen["stopped"] += 1
            return
        assert outcome.verdict in PASSING, f"{pair}: {outcome.verdict} {list(map(str, outcome.candidates))}"
        ours, theirs = pair.values()
        given = result_of(provided, outcome.plan, ours)
        assert given is not None, f"{pair}: {outcome.plan} refuses it"
        assert given.shape == theirs.shape, f"{pair}: {outcome.plan} gives {given.shape}"
        assert (given == theirs).all(), f"{pair}: {outcome.plan} gives other values"

    hold(law, usual=250, full=30_000)
    assert seen["stopped"] <= max(1, MOST_STOPPED * seen["pairs"])


def test_no_plan_misplaces_a_name():
    seen: Counter[str] = Counter()

    def law(random):
        provided, required = draw_odd_names(random)
        outcome = search(provided, required, random.choice(POLICIES))
        seen[outcome.verdict] += 1
        for plan in filter(None, (outcome.plan, *outcome.candidates)):
            done = {step.transform for step in plan.steps}
            # One entry that was cut out of many and then stands for many is what was allowed, wherever it stood.
            if "repeat" in done and done & {"truncate", "crop"}:
                continue
            for sizes in _sizes(provided, plan):
                value = numbered(sizes)
                result = result_of(provided, plan, value)
                wrong = None if result is None else misplaced(provided, required, value, result)
                told = f"{provided} {provided.facts.axes} -> {required} {required.facts.axes}: {plan}"
                assert wrong is None, f"{told}: {wrong}, from {sizes}"

    hold(law, usual=250, full=30_000)
    assert all(seen[verdict] > 5 for verdict in ("fits", "adapts", "guarded", "blocked"))


def _sizes(provided, plan):
    """Sizes for the axes of unknown size, those among them that a guard of the plan may ask for."""
    known = {size for step in plan.steps for size in step.result.shape or () if size}
    options = [(size,) if size is not None else sorted({1, 2, 3, *known}) for size in provided.shape]
    return islice(product(*options), MOST_ARRAYS)


def test_what_is_joined_or_parted_keeps_its_names():
    seen: Counter[str] = Counter()

    def law(random):
        kind = random.choice(("concat", "stack", "split", "unstack"))
        names = random.sample(NAMES, random.randint(1, 4))
        shape = [random.choice(SIZES) for _ in names]
        axis, order = random.randrange(len(names)), random.sample(range(len(names)), len(names))
        count = random.randint(2, 3)
        is_new = kind in {"stack", "unstack"}
        shape[axis] = count if is_new else count * 2
        whole = numbered(tuple(shape))
        pieces = [np.squeeze(one, axis) if is_new else one for one in np.split(whole, count, axis)]
        left = [name for at, name in enumerate(names) if not is_new or at != axis]
        if kind in FAN_IN:
            outputs = [_endpoint(f"a{at}", piece.shape, left) for at, piece in enumerate(pieces)]
            inputs = [_endpoint("x", [shape[at] for at in order], [names[at] for at in order])]
            given, wanted = pieces, [whole.transpose(order)]
        else:
            outputs = [_endpoint("a", shape, names)]
            inputs = [_endpoint(f"x{at}", piece.shape, left) for at, piece in enumerate(pieces)]
            given, wanted = [whole], pieces
        junction = Junction(kind=kind, outputs=tuple(one.name for one in outputs), axis=axis)
        match = feed(outputs, inputs, {str(junction): [one.name for one in inputs]})
        told = f"{junction} of {shape} {names} in the order {order}"
        assert len(match.bindings) == len(inputs), f"{told}: {match.unjoined}"
        for one, expected in zip(match.bindings, wanted, strict=True):
            seen[one.verdict] += 1
            assert one.verdict in PASSING, f"{told}: {one.verdict}"
            joined = JUNCTIONS[kind].reference([end.spec for end in outputs], one.junction, given)
            result = result_of(one.provided_spec, one.plan, joined)
            assert np.array_equal(result, expected), f"{told}: {one.junction}, {one.plan}"

    hold(law, usual=150, full=10_000)
    assert seen["adapts"] > 50


def test_rows_written_out_keep_their_names():
    seen: Counter[str] = Counter()

    def law(random):
        inner = tuple(random.choice((2, 3)) for _ in range(random.randint(0, 2)))
        names = random.sample(NAMES, 2 + len(inner))
        lengths = [random.randint(0, 4) for _ in range(random.randint(1, 4))]
        splits = np.cumsum([0, *lengths])
        flat = numbered((int(splits[-1]), *inner))
        longest = random.choice((4, 6, max(lengths)))
        written = np.zeros((len(lengths), longest, *inner), np.int32)
        for row, (start, length) in enumerate(zip(splits, lengths, strict=False)):
            written[row, :length] = flat[start : start + length]
        order = random.sample(range(written.ndim), written.ndim)
        sizes = [None, random.choice((None, longest)), *inner]
        if sizes[1] is None and longest != max(lengths):
            return
        provided = TensorSpec(
            kind="ragged", dtype="int32", shape=(None, None, *inner), ragged_rank=1, facts=Facts(axes=tuple(names))
        )
        required = _endpoint("x", [sizes[at] for at in order], [names[at] for at in order]).spec
        required = required.replace(facts=required.facts.replace(padding=Padding(value=0)))
        outcome = search(provided, required)
        seen[outcome.verdict] += 1
        told = f"{provided} {names} in the order {order} -> {required}: {outcome.verdict} {outcome.plan}"
        assert outcome.verdict in PASSING, told
        given = run(provided, outcome.plan, RaggedArray(flat, (splits,)))
        assert np.array_equal(given, written.transpose(order)), told

    hold(law, usual=150, full=10_000)
    assert min(seen["adapts"], seen["guarded"]) > 20


def _endpoint(name, shape, axes):
    return Endpoint(name=name, spec=TensorSpec(dtype="int32", shape=tuple(shape), facts=Facts(axes=tuple(axes))))
