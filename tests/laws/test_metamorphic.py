"""True facts never make an answer worse, and what means the same is answered the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from sigcheck.planning.matching import feed
from sigcheck.planning.meaning import meaning_of
from sigcheck.planning.rivals import give_equal_values
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from tests.laws.law import hold
from tests.laws.named_pairs import PASSING, NamedPair, draw_named_pair, result_of
from tests.laws.random_specs import draw_pair

# Values of any dtype that is drawn may be called so.
TRUE_OF_VALUES = ({"range": (0, 2**20)}, {"meaning": "embedding"}, {"range": (0, 2**20), "meaning": "embedding"})


def answer(provided, required):
    outcome = search(provided, required)
    # A limit of the search says nothing of the pair.
    return None if outcome.is_stopped and outcome.plan is None else outcome


def is_right(pair: NamedPair, provided, outcome) -> bool:
    """Whether the plan gives what the consumer's view of the array is."""
    ours, theirs = pair.values()
    given = result_of(provided, outcome.plan, ours)
    return given is not None and given.shape == theirs.shape and bool((given == theirs).all())


def draw_said(random: Random, count: int) -> tuple[bool, ...]:
    return tuple(random.random() < 0.6 for _ in range(count))


def never_worse(before, after, told):
    assert before.verdict not in PASSING or after.verdict in PASSING, (
        f"{told}: {before.verdict} ({before.plan}) becomes {after.verdict} {list(map(str, after.candidates))}"
    )


def test_names_that_are_true_never_make_an_answer_worse():
    def law(random):
        pair = draw_named_pair(random)
        ours, theirs = draw_said(random, len(pair.ours)), draw_said(random, len(pair.theirs))
        more = [tuple(one or random.random() < 0.5 for one in said) for said in (ours, theirs)]
        provided, required = pair.provided(ours), pair.required(theirs)
        before, after = answer(provided, required), answer(pair.provided(more[0]), pair.required(more[1]))
        if before is None or after is None:
            return
        told = f"{pair}, named {ours} {theirs}, then {more}"
        # What was assumed wrongly may be told to be open: that is no worse.
        if before.plan is not None and is_right(pair, provided, before):
            never_worse(before, after, told)
            assert is_right(pair, pair.provided(more[0]), after), (
                f"{told}: {before.plan} was right, {after.plan} is not"
            )

    hold(law, usual=250, full=30_000)


def test_facts_of_values_that_are_true_change_no_layout():
    def law(random):
        pair = draw_named_pair(random)
        provided, required = pair.provided(), pair.required()
        before = answer(provided, required)
        true = random.choice(TRUE_OF_VALUES)
        sides = random.choice(((True, True), (True, False), (False, True)))
        after = answer(
            *(
                spec.replace(facts=Facts.model_validate({"axes": spec.facts.axes, **true})) if is_said else spec
                for spec, is_said in zip((provided, required), sides, strict=True)
            )
        )
        if before is None or after is None:
            return
        assert (before.verdict, str(before.plan)) == (after.verdict, str(after.plan)), f"{pair} with {true} of {sides}"

    hold(law, usual=150, full=10_000)


def test_other_names_for_the_same_axes_get_the_same_answer():
    def law(random):
        pair = draw_named_pair(random)
        names = {part.name for part in (*pair.ours, *pair.theirs)}
        fresh = dict(zip(sorted(names), random.sample([f"n{at}" for at in range(9)], len(names)), strict=True))
        other = replace(
            pair,
            ours=tuple(replace(part, name=fresh[part.name]) for part in pair.ours),
            theirs=tuple(replace(part, name=fresh[part.name]) for part in pair.theirs),
        )
        before, after = answer(pair.provided(), pair.required()), answer(other.provided(), other.required())
        if before is None or after is None:
            return
        never_worse(before, after, f"{pair} renamed to {fresh}")
        assert str(before.plan) == str(after.plan), f"{pair} renamed to {fresh}"

    hold(law, usual=150, full=10_000)


def test_a_consumer_that_takes_more_is_fed_the_same():
    def law(random):
        pair = draw_named_pair(random)
        provided, required = pair.provided(), pair.required()
        # What is split, or made, has its size from the consumer.
        whole = {part.of for part in pair.ours}
        wide = tuple(
            None if random.random() < 0.5 and (part.of in whole or len(part.of) > 1) else size
            for part, size in zip(pair.theirs, required.shape, strict=True)
        )
        before, after = answer(provided, required), answer(provided, required.replace(shape=wide))
        if before is None or after is None:
            return
        never_worse(before, after, f"{pair} widened to {wide}")
        assert before.plan is None or is_right(pair, provided, after), f"{pair} widened to {wide}: {after.plan}"

    hold(law, usual=150, full=10_000)


def test_the_number_of_examples_decides_nothing():
    def law(random):
        pair = draw_named_pair(random)
        whole = {part.of for part in pair.ours} & {part.of for part in pair.theirs}
        batch = [part.of[0] for part in pair.ours if part.name == "batch" and part.of in whole]
        if not batch:
            return
        (axis,) = batch
        sizes = tuple(random.choice((2, 7, 97, 500)) if at == axis else size for at, size in enumerate(pair.sizes))
        other = replace(pair, sizes=sizes, open_axes=pair.open_axes ^ ({axis} if random.random() < 0.5 else set()))
        before, after = answer(pair.provided(), pair.required()), answer(other.provided(), other.required())
        if before is None or after is None or pair.sizes[axis] == 1:
            return
        never_worse(before, after, f"{pair}, then {other}")
        assert before.plan is None or is_right(other, other.provided(), after), f"{pair}, then {other}: {after.plan}"

    hold(law, usual=250, full=20_000)


def test_the_number_of_unnamed_examples_decides_nothing():
    """A size of the batch that some other axis has too makes no other plan as likely."""

    def law(random):
        sizes = [random.choice((2, 3, 5, 8)) for _ in range(random.randint(1, 4))]
        required = TensorSpec(dtype="int32", shape=(None, *random.sample(sizes, len(sizes))))
        found = {
            count: answer(TensorSpec(dtype="int32", shape=(count, *sizes)), required)
            for count in (None, 97, random.choice(sizes))
        }
        told = {(one.verdict, str(one.plan)) for one in found.values() if one is not None}
        assert len(told) <= 1, f"{sizes} -> {required}: {found}"

    hold(law, usual=100, full=10_000)


def test_the_order_and_the_names_of_endpoints_decide_nothing():
    def law(random):
        count = random.randint(2, 3)
        pairs = [draw_named_pair(random) for _ in range(count)]
        outputs = [Endpoint(name=f"x{at}", spec=pair.provided()) for at, pair in enumerate(pairs)]
        inputs = [Endpoint(name=f"x{at}", spec=pair.required()) for at, pair in enumerate(pairs)]
        before = told(feed(outputs, inputs))
        fresh = dict(zip((one.name for one in outputs), random.sample("abcdef", count), strict=True))
        turned = [
            [one.model_copy(update={"name": fresh[one.name]}) for one in random.sample(side, count)]
            for side in (outputs, inputs)
        ]
        after = told(feed(*turned))
        assert {fresh[name]: said for name, said in before.items()} == after, f"{list(map(str, pairs))} as {fresh}"

    hold(law, usual=60, full=3_000)


def told(match):
    """For each input the verdict and the plan."""
    return {one.required: (one.provided == one.required, one.verdict, str(one.plan)) for one in match.bindings}


def test_what_a_plan_assumes_can_be_declared():
    """Names that say what a plan does with the axes are true of it: it is found again, and gives the same."""
    seen: Counter[str] = Counter()

    def law(random):
        provided, required = (spec.replace(facts=spec.facts.replace(axes=None)) for spec in draw_pair(random))
        before = answer(provided, required)
        if before is None or before.verdict not in PASSING or provided.kind != "dense" or required.kind != "dense":
            return
        if required.shape is None:
            return
        meaning = meaning_of(before.plan.steps, provided)
        # Of no values all plans are right, and some steps are not made.
        if 0 in (*(provided.shape or (0,)), *required.shape):
            return
        if meaning is None or meaning.past or len(meaning.layout) != len(required.shape):
            return
        ours = tuple(f"n{axis}" for axis in range(len(provided.shape)))
        theirs = tuple(
            ours[group[0].axis] if len(group) == 1 and group[0].size is None else f"made{at}"
            for at, group in enumerate(meaning.layout)
        )
        named = [
            spec.replace(facts=spec.facts.replace(axes=axes)) for spec, axes in ((provided, ours), (required, theirs))
        ]
        after = answer(*named)
        if after is None:
            return
        told = f"{provided} {provided.facts} {ours} -> {required} {required.facts} {theirs}: {before.plan}"
        never_worse(before, after, told)
        seen[before.verdict] += 1
        same = meaning_of(after.plan.steps, provided) == meaning or give_equal_values(provided, before.plan, after.plan)
        assert same, f"{told}, named: {after.plan}"

    hold(law, usual=300, full=30_000)
    assert seen["adapts"] > 8


def test_a_cast_says_nothing_of_the_axes():
    seen: Counter[str] = Counter()

    def draw_layout(random):
        shape = tuple(random.choice((None, None, 1, 2, 3)) for _ in range(random.randrange(4)))
        names = tuple(random.sample(("batch", "time", "feature", "height", None, None), len(shape)))
        is_named = shape and random.random() < 0.3
        return {"shape": shape, "facts": Facts(axes=names if is_named else None)}

    def law(random):
        ours, theirs = draw_layout(random), draw_layout(random)
        required = TensorSpec(dtype="float32", **theirs)
        plain, cast = (search(TensorSpec(dtype=dtype, **ours), required) for dtype in ("float32", "float64"))
        seen[plain.verdict] += 1
        # What fits but for its dtype is an adapter of one step.
        assert cast.verdict == plain.verdict.replace("fits", "adapts"), f"{ours} -> {theirs}: {plain.verdict}"

    hold(law, usual=400, full=40_000)
    assert min(seen[verdict] for verdict in ("adapts", "guarded", "blocked", "undecided")) > 10, seen
