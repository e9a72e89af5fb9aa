"""A declared padding fills short rows, and no axis that the producer has not."""

from __future__ import annotations

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy

FILLED = Facts(padding=Padding(value=1))


def padded(provided, required, policy=None):
    return search(parse_spec(provided), parse_spec(required).replace(facts=FILLED), policy or Policy())


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        # Channels and examples that nobody gave.
        ("uint8[12, 6]", "uint8[3, ?, 6, 3]"),
        ("int32[100]", "int32[8, 128]"),
        ("int32[?]", "int32[?, 128]"),
        ("float32[?, 32]", "float32[?, 40, 32]"),
        # One axis of one entry is there, a second is not.
        ("int32[?, 1]", "int32[?, 4, 8]"),
    ],
)
def test_an_axis_that_is_put_in_is_filled_by_permission_only(provided, required):
    outcome = padded(provided, required)
    assert (outcome.verdict, outcome.plan) == ("undecided", None)
    filled = [step for plan in outcome.candidates for step in plan.steps if step.transform == "pad"]
    assert any("which the producer has not" in (step.assumption or "") for step in filled)
    assert padded(provided, required, Policy(assume="warn")).verdict in {"adapts", "undecided"}


@pytest.mark.parametrize(
    ("provided", "required"),
    [("int32[?, 1]", "int32[?, 128]"), ("int32[?, 100]", "int32[?, 128]"), ("int32[4]", "int32[8]")],
)
def test_an_axis_that_is_short_is_filled_with_what_is_declared(provided, required):
    outcome = padded(provided, required)
    assert (outcome.verdict, [step.transform for step in outcome.plan.steps]) == ("adapts", ["pad"])


@pytest.mark.parametrize("provided", ["int32[1, 100]", "int32[4, 100]", "int32[4, 128]"])
def test_entries_of_a_first_axis_without_a_name_may_be_examples(provided):
    """What fills short rows makes no examples; of steps of one example it fills those that lack."""
    outcome = padded(provided, "int32[8, 128]")
    assert (outcome.verdict, outcome.plan) == ("undecided", None)
    assert "axis 0, whose entries may be examples" in outcome.candidates[0].steps[-1].assumption
    steps = parse_spec("int32[8, 128]").replace(facts=FILLED.replace(axes=("time", "a")))
    assert search(parse_spec(provided), steps).verdict == "adapts"


def test_the_cheapest_order_of_the_steps_makes_as_much_up():
    """The order that moves the fewest bytes is proposed again, and told the same of."""
    spec = parse_spec("int64[?]").replace(facts=Facts(range=(0, 9)))
    outcome = search(spec, parse_spec("int8[?, 64]").replace(facts=FILLED))
    assert (outcome.verdict, outcome.plan) == ("undecided", None)
    assert all(plan.is_inventing for plan in outcome.candidates)


def test_axes_that_are_joined_are_filled_where_names_say_that_they_are_one():
    """Steps of three numbers are no row of single ones because four would have room for one of them."""
    given, wanted = "ragged float32[?, None, 3]", "float32[?, 4]"
    outcome = padded(given, wanted)
    assert (outcome.verdict, outcome.plan) == ("undecided", None)
    told = outcome.candidates[0].steps[-1].assumption or ""
    assert told.endswith(
        " fills axis 1, which is several axes of the producer in a row, and no name says that they are one"
    )
    assert padded(given, wanted, Policy(assume="warn")).verdict == "guarded"
    axes = Facts(axes=("batch", "time", "channel"))
    named = parse_spec(wanted).replace(facts=FILLED.replace(axes=("batch", "feature")))
    assert search(parse_spec(given).replace(facts=axes), named).verdict == "guarded"


TIME = ("batch", "time", "channel")


@pytest.mark.parametrize(("ours", "theirs"), [(TIME, TIME), (TIME, None), (None, TIME)])
def test_channels_that_nobody_gave_are_no_short_rows(ours, theirs):
    """What fills short rows is declared: two channels more than there are would be values that nobody gave."""
    steps = parse_spec("float32[?, 8, 3]").replace(facts=Facts(axes=ours))
    wanted = parse_spec("float32[?, 8, 5]").replace(facts=FILLED.replace(axes=theirs))
    outcome = search(steps, wanted)
    assert (outcome.verdict, outcome.plan) == ("undecided", None)
    told = outcome.candidates[0].steps[-1].assumption
    assert told == "1 fills axis 2, which holds the numbers of one entry"
    assert search(steps, wanted, Policy(assume="warn")).verdict == "adapts"
    # Short rows beside them are filled, and of a size that is open it is asserted that it is right.
    longer = wanted.replace(shape=(None, 9, 3))
    assert search(steps, longer).verdict == "adapts"
    (guard,) = search(steps.replace(shape=(None, 8, None)), wanted).plan.steps
    assert guard.transform == "ensure_shape"


def test_of_an_example_that_has_them_alone_the_numbers_are_the_row():
    named = Facts(axes=("batch", "feature"))
    wanted = parse_spec("float32[?, 5]").replace(facts=FILLED.replace(axes=named.axes))
    assert search(parse_spec("float32[?, 3]").replace(facts=named), wanted).verdict == "adapts"


@pytest.mark.parametrize(
    ("given", "wanted", "facts"),
    [
        ("float32[?, 3]", "float32[?, 5]", {"meaning": "logits"}),
        ("float32[?, 7, 3]", "float32[?, 7, 5]", {"meaning": "probabilities"}),
        ("float32[?, 9, 64]", "float32[?, 9, 80]", {"meaning": "embedding"}),
        ("float32[?, 9, 4]", "float32[?, 9, 5]", {"boxes": "xyxy"}),
        # What they are is forgotten where an axis stands behind them for a moment.
        ("float32[9, 4]", "float32[?, 9, 5]", {"boxes": "xyxy"}),
        ("float32[?, 9, 64]", "float32[?, 9, 80]", {"axes": ["batch", "time", "mel"]}),
    ],
)
def test_what_numbers_mean_says_that_they_are_no_row(given, wanted, facts):
    filled = parse_spec(wanted).replace(facts=FILLED)
    assert search(parse_spec(given), filled).verdict == "adapts"
    assert search(parse_spec(given).replace(facts=Facts.model_validate(facts)), filled).verdict == "undecided"


def test_an_axis_that_is_named_otherwise_is_a_row_whatever_the_numbers_mean():
    named = Facts(axes=("batch", "box"), meaning="probabilities")
    wanted = parse_spec("float32[?, 30]").replace(facts=FILLED)
    assert search(parse_spec("float32[?, 10]").replace(facts=named), wanted).verdict == "adapts"


NAMED = ("time", "feature", "height")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # Nobody calls the first axis the batch, and it is one all the same.
        ((None, *NAMED), None),
        (("sample", None, *NAMED[1:]), None),
        ((None, "time", "feature", None), (None, None, "feature")),
        (None, ("sample", "time", "feature")),
    ],
)
def test_examples_that_were_moved_are_joined_by_permission_only(ours, theirs):
    """A merge sees the batch in front, or by its name: behind others it was joined as any axis is."""
    sides = parse_spec("float32[?, 6, 4, 5]"), parse_spec("float32[?, 6, 4]")
    given, wanted = (side.replace(facts=Facts(axes=axes)) for side, axes in zip(sides, (ours, theirs), strict=True))
    assert search(given, wanted).verdict in {"undecided", "blocked"}


def test_what_was_moved_and_joined_is_told_of():
    given = parse_spec("float32[?, 5, 6, 3]").replace(facts=Facts(axes=(None, *NAMED)))
    outcome = search(given, parse_spec("float32[6, 3, ?]"))
    assert outcome.verdict == "undecided"
    said = [step.assumption for plan in outcome.candidates for step in plan.steps if step.is_inventing]
    assert any("the batch" in one for one in said), outcome.candidates


def test_axes_that_names_say_are_one_are_joined():
    """What the producer calls a sample and a step is what the consumer calls a row."""
    given = parse_spec("float32[?, 6, 4]").replace(facts=Facts(axes=("sample", "time", "feature")))
    wanted = parse_spec("float32[4, ?]").replace(facts=Facts(axes=("feature", "row")))
    assert search(given, wanted).verdict == "adapts"


@pytest.mark.parametrize(
    ("given", "wanted"), [("float32[2, ?, 6, 3]", "float32[?, 2, 3]"), ("float32[2, 6, ?]", "float32[?, 2]")]
)
def test_what_was_joined_elsewhere_is_told_of_where_it_is_moved(given, wanted):
    """Where it was joined a size was wanted, so that nothing was told there; behind it examples were of six."""
    outcome = search(parse_spec(given), parse_spec(wanted))
    assert outcome.verdict == "undecided"
    steps = [one for plan in outcome.candidates for one in plan.steps if one.is_inventing]
    assert any(one.transform == "transpose" and "several axes of the producer" in one.assumption for one in steps)


ROWS = Facts(padding=Padding(value=0))
OF_MASK = (Facts(meaning="mask"), Facts(meaning="lengths"))


@pytest.mark.parametrize(
    ("given", "wanted", "facts"),
    [
        ("int32[1, 4, 1]", "int32[4]", OF_MASK),
        ("int32[1, 3]", "int32[3, 1, 1]", OF_MASK),
        ("int32[1, 4, 1]", "ragged int32[4, None]", (ROWS, Facts())),
    ],
)
def test_the_entries_of_a_row_are_no_rows(given, wanted, facts):
    outcome = search(*(parse_spec(text).replace(facts=one) for text, one in zip((given, wanted), facts, strict=True)))
    assert outcome.verdict == "undecided"
    said = [step.assumption for plan in outcome.candidates for step in plan.steps if step.is_inventing]
    assert any("each entry of the producer's rows is a row" in one for one in said)


@pytest.mark.parametrize(("given", "wanted"), [("int32[?, 3, 1]", "int32[?]"), ("int32[1, 3]", "int32[1]")])
def test_rows_that_lie_behind_their_examples_are_counted(given, wanted):
    sides = zip((given, wanted), OF_MASK, strict=True)
    assert search(*(parse_spec(text).replace(facts=one) for text, one in sides)).verdict == "guarded"


def test_what_is_taken_apart_is_not_filled_up():
    """Behind more axes than the producer has, each of its numbers would be an example, and one more made up."""
    outcome = padded("int32[1, 4]", "int32[5, 1, 1]")
    assert (outcome.verdict, outcome.plan) == ("undecided", None)
    assert any("whose entries may be examples" in (step.assumption or "") for step in outcome.candidates[0].steps)


def test_a_number_without_axes_has_no_rows():
    given = parse_spec("int32[]").replace(facts=Facts(axes=(), padding=Padding(value=0)))
    assert search(given, parse_spec("ragged int32[?, None]")).verdict in {"adapts", "guarded", "undecided"}


def test_a_first_axis_of_another_name_that_is_moved_and_joined_is_assumed_to_be():
    """Names say that both become another axis; that the first is no batch they do not."""
    given = parse_spec("float32[?, 6, 4]").replace(facts=Facts(axes=("clip", "view", "feature")))
    wanted = parse_spec("float32[4, ?]").replace(facts=Facts(axes=("feature", "row")))
    (step,) = [one for one in search(given, wanted).plan.steps if one.assumption]
    assert (step.transform, step.is_inventing) == ("reshape", False)
    assert step.assumption.startswith("the first axis of the producer may be the batch")
