from __future__ import annotations

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy


@pytest.mark.parametrize(
    ("provided", "required", "steps"),
    [
        ("float32[?, 12]", "float32[?, 1, 10]", ()),
        ("float32[?, 12]", "float32[?, 4, 3]", ("reshape(shape=[?, 4, 3], groups=[[0], [1], [1]])",)),
    ],
)
def test_examples_of_a_batch_become_nothing_else(provided, required, steps):
    outcome = search(parse_spec(provided), parse_spec(required))
    assert tuple(map(str, outcome.plan.steps if outcome.plan else ())) == steps
    assert not outcome.candidates


def test_examples_are_not_told_apart_by_copies_of_the_batch():
    outcome = search(parse_spec("float32[?, 10]"), parse_spec("float32[?, 4, 10]"))
    assert outcome.verdict == "undecided"
    assert [str(plan) for plan in outcome.candidates] == ["expand_dims(axis=1), repeat(axis=1, count=4)"]


def test_a_lone_unknown_axis_may_be_no_batch():
    outcome = search(parse_spec("float32[?]"), parse_spec("float32[?, ?]"))
    assert outcome.verdict == "undecided"
    assert [str(plan) for plan in outcome.candidates] == ["expand_dims(axis=0)", "expand_dims(axis=1)"]


@pytest.mark.parametrize(
    ("provided", "required", "verdict"),
    [
        ("int32[1, 3, 5]", "int32[?, 8]", "blocked"),
        ("float32[1, 4, 4]", "float32[?, 5]", "blocked"),
        # As they are the entries may be the examples; and one example of a batch of one may be filled up.
        ("int32[1, 3]", "int32[?]", "adapts"),
        ("int32[1, 5]", "int32[8]", "adapts"),
    ],
)
def test_entries_of_a_lone_example_are_no_short_rows(provided, required, verdict):
    assert search(parse_spec(provided), parse_spec(required), Policy(pad_value=0)).verdict == verdict


@pytest.mark.parametrize(
    ("provided", "required", "verdict"),
    [
        # Sixteen times any number is never two.
        ("int32[8, 2, ?]", "int32[2]", "blocked"),
        ("int32[?, 4, ?]", "int32[?, 6]", "blocked"),
        ("int32[?, 4, ?]", "int32[?, 8]", "guarded"),
    ],
)
def test_a_guard_that_can_only_fail_is_no_plan(provided, required, verdict):
    outcome = search(parse_spec(provided), parse_spec(required), Policy(deny=("pad",)))
    assert outcome.verdict == verdict


def test_what_is_longer_than_required_is_not_filled_up():
    spec, goal = parse_spec("int32[?, 8, ?]"), parse_spec("int32[?, 6]")
    assert search(spec, goal, Policy(pad_value=0)).verdict == "blocked"
    assert search(spec, parse_spec("int32[?, 12]"), Policy(pad_value=0)).verdict == "guarded"


@pytest.mark.parametrize("provided", ["int32[1, 3, ?]", "int32[1, ?, 3]", "int32[3, ?]"])
def test_a_guard_that_an_open_axis_has_one_entry_is_a_rival_of_a_merge_beside_one_example_too(provided):
    outcome = search(parse_spec(provided), parse_spec("int32[?]"))
    assert (outcome.verdict, outcome.plan, len(outcome.candidates)) == ("undecided", None, 2)


@pytest.mark.parametrize("count", [1, None])
@pytest.mark.parametrize(
    ("provided", "required"),
    [("10", "1"), ("8, 8, 3", "8, 8, 1"), ("3, 5", "5, 1"), ("3, 5", "1, 5"), ("4, 1", "1, 1")],
)
def test_features_of_a_lone_example_are_no_examples(provided, required, count):
    """One example or any number of them is answered the same."""
    batch = "?" if count is None else count
    outcome = search(parse_spec(f"float32[{batch}, {provided}]"), parse_spec(f"float32[?, {required}]"))
    assert (outcome.verdict, outcome.plan) == ("blocked", None)


@pytest.mark.parametrize(
    ("provided", "axes", "required", "wanted", "verdict"),
    [
        # Rows of one example, which the consumer has no axis for, and axes that are named.
        ("float32[1, 3, 5]", None, "float32[?, 5]", None, "adapts"),
        ("float32[1, 3, 5]", ("view", "batch", "feature"), "float32[?, 1, 5]", ("batch", "view", "feature"), "adapts"),
        ("float32[1, 3, 5]", ("batch", "view", "feature"), "float32[?, 1, 5]", None, "blocked"),
    ],
)
def test_rows_of_a_lone_example_may_be_examples(provided, axes, required, wanted, verdict):
    specs = (parse_spec(one).replace(facts=Facts(axes=names)) for one, names in ((provided, axes), (required, wanted)))
    assert search(*specs).verdict == verdict


@pytest.mark.parametrize(
    "facts", [(Facts(padding=Padding(value=9)), Facts()), (Facts(meaning="mask"), Facts(meaning="mask"))]
)
def test_rows_of_a_lone_example_are_taken_apart_into_no_number_of_examples(facts):
    """Of other numbers sizes say what is meant; of rows each entry would be one."""
    given, wanted = parse_spec("int32[1, 4]"), parse_spec("int32[4, 1]")
    assert search(given, wanted).verdict == "adapts"
    sides = zip((given, wanted), facts, strict=True)
    assert search(*(spec.replace(facts=one) for spec, one in sides)).verdict not in {"fits", "adapts", "guarded"}
