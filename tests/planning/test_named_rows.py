from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.named_rows import with_row_names
from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.tensor_spec import TensorSpec

FILLED = Facts(padding=Padding(value=0))
TURNED = FILLED.replace(axes=("time", "batch"))


@pytest.mark.parametrize(
    ("given", "facts", "wanted"),
    [
        ("ragged int32[?, None]", Facts(), "int32[9, ?]"),
        ("ragged int32[?, None]", Facts(), "int32[?, ?]"),
        ("int32[?, 5]", FILLED, "int32[9, ?]"),
        ("int32[?, ?]", FILLED, "int32[?, ?]"),
    ],
)
def test_rows_that_nobody_names_are_turned_for_a_consumer_with_time_in_front(given, facts, wanted):
    """Else its steps would be the examples, and those that are not there made up."""
    outcome = search(parse_spec(given).replace(facts=facts), parse_spec(wanted).replace(facts=TURNED))
    assert "transpose" in [step.transform for step in outcome.plan.steps]


@pytest.mark.parametrize(
    ("given", "wanted", "axes", "named"),
    [
        ("ragged int32[?, None]", "int32[9, ?, 1]", ("time", "batch", "feature"), ("batch", "time")),
        ("int32[?, 9]", "int32[?, ?, 1]", ("time", "batch", "feature"), ("batch", "time")),
        ("ragged int32[?, None]", "int32[?, 1, ?]", ("time", None, "batch"), ("batch", "time")),
        ("ragged float32[?, None, 4]", "float32[?, 4, ?]", ("batch", "feature", "time"), ("batch", "time", "feature")),
        ("ragged float32[?, None, 4]", "float32[4, ?, ?]", ("feature", "batch", "time"), ("batch", "time", "feature")),
        ("ragged float32[?, None, 4]", "float32[?, ?, 4]", ("time", "batch", None), ("batch", "time", None)),
        (
            "ragged float32[?, None, 4, 5]",
            "float32[?, ?, 4, 5]",
            (None, "batch", None, "x"),
            ("batch", None, None, "x"),
        ),
        (
            "ragged float32[?, None, 4, 5]",
            "float32[?, 5, 4, ?]",
            ("batch", "x", "y", "time"),
            ("batch", "time", None, None),
        ),
        ("ragged float32[?, None, 4]", "float32[4, 5, ?]", ("x", "y", "batch"), ("batch", None, None)),
    ],
)
def test_rows_are_named_wherever_the_other_side_has_them(given, wanted, axes, named):
    """Of another rank, or behind the numbers of a step: place by place the steps would be something else."""
    rows, other = parse_spec(given), parse_spec(wanted)
    rows = rows.replace(facts=FILLED) if rows.kind == "dense" else rows
    assert with_row_names(rows, other.replace(facts=Facts(axes=axes))).facts.axes == named


@pytest.mark.parametrize(
    ("given", "wanted", "axes", "order"),
    [
        ("ragged int32[?, None]", "int32[9, ?, 1]", ("time", "batch", "feature"), (1, 0, 2)),
        ("ragged float32[?, None, 4]", "float32[?, 4, ?]", ("time", "feature", "batch"), (1, 2, 0)),
        ("ragged float32[?, None, 4]", "float32[?, 4, ?]", ("batch", "feature", "time"), (0, 2, 1)),
    ],
)
def test_rows_are_brought_to_where_their_names_say(given, wanted, axes, order):
    outcome = search(parse_spec(given), parse_spec(wanted).replace(facts=FILLED.replace(axes=axes)))
    assert [step.arguments["perm"] for step in outcome.plan.steps if step.transform == "transpose"] == [order]


@pytest.mark.parametrize(
    ("wanted", "facts"),
    [("int32[?, ?]", FILLED), ("int32[?, 12]", FILLED), ("ragged int32[?, None]", Facts())],
)
def test_time_in_front_is_turned_for_rows_that_nobody_names(wanted, facts):
    """Else each step of all examples would be a row."""
    outcome = search(parse_spec("int32[?, ?]").replace(facts=TURNED), parse_spec(wanted).replace(facts=facts))
    assert "transpose" in [step.transform for step in outcome.plan.steps]


@pytest.mark.parametrize(
    ("given", "facts"),
    [
        ("int32[?, ?]", Facts()),
        ("int32[?, ?]", TURNED),
        ("ragged int32[?, None]", Facts(axes=("a", "b"))),
        ("int32[?, ?, 3]", FILLED),
        ("ragged int32[?, None, None]", Facts()),
    ],
)
def test_nothing_else_is_named(given, facts):
    spec = parse_spec(given).replace(facts=facts)
    for axes in (("time", "batch"), ("time", "batch", "feature")):
        wanted = TensorSpec(dtype="int32", shape=(None,) * len(axes), facts=Facts(axes=axes))
        assert with_row_names(spec, wanted) is spec


def test_a_consumer_with_the_batch_in_front_names_no_rows():
    rows = parse_spec("ragged int32[?, None]")
    for axes in (("batch", "time"), ("time", None), None):
        assert with_row_names(rows, parse_spec("int32[?, ?]").replace(facts=Facts(axes=axes))) is rows


def test_nothing_is_named_where_the_sizes_say_otherwise():
    """Rows of 12 numbers are no rows of 6 beside a time of 12."""
    rows = parse_spec("ragged float16[1, None, 12]")
    theirs = parse_spec("float16[1, 6, 12]").replace(facts=Facts(axes=("batch", "height", "time")))
    assert with_row_names(rows, theirs) is rows
    assert search(theirs, rows).verdict in {"adapts", "guarded"}
    alike = parse_spec("float16[1, 12, ?]").replace(facts=Facts(axes=("batch", "feature", "time")))
    assert with_row_names(rows, alike).facts.axes == ("batch", "time", "feature")


def test_names_without_a_shape_contradict_nothing():
    theirs = TensorSpec(dtype="int32", shape=None, facts=Facts(axes=("time", "batch")))
    assert with_row_names(parse_spec("ragged int32[?, None]"), theirs).facts.axes == ("batch", "time")


@pytest.mark.parametrize(
    ("given", "wanted", "axes", "verdict"),
    [
        # The numbers of a step are filled up, and no steps in their place.
        ("ragged float32[?, None, 4]", "float32[?, 5, 9]", ("batch", "feature", "time"), "undecided"),
        # Eight examples are neither five, nor eight steps of five.
        ("ragged float32[8, None]", "float32[9, 5]", ("time", "batch"), "blocked"),
        ("ragged float32[8, None]", "float32[8, 5]", ("time", "batch"), "blocked"),
        ("float32[8, 5]", "float32[8, 5]", ("time", "batch"), "blocked"),
    ],
)
def test_rows_are_not_taken_place_by_place_where_sizes_do_not_allow_that_either(given, wanted, axes, verdict):
    rows, theirs = parse_spec(given), parse_spec(wanted).replace(facts=FILLED.replace(axes=axes))
    rows = rows.replace(facts=FILLED) if rows.kind == "dense" else rows
    outcome = search(rows, theirs)
    assert outcome.verdict == verdict
    steps = [step.transform for plan in outcome.candidates for step in plan.steps]
    assert "transpose" in steps or not steps


@pytest.mark.parametrize("dtype", ["int32", "float32"])
@pytest.mark.parametrize("places", ["{0}, 1", "1, {0}", "{0}, 1, 1"])
def test_rows_that_are_filled_beside_axes_of_one_entry_are_turned(dtype, places):
    """What fills them was replaced where they lay, and the examples were the steps."""
    rows = np.array([[1, 2, 9], [3, 9, 9]], dtype)
    shape = tuple(int(one) for one in places.format(3).split(", "))
    given = parse_spec(f"{dtype}[?, {places.format(3)}]").replace(facts=Facts(padding=Padding(value=9)))
    axes = Facts(axes=("time", "batch"), padding=Padding(value=10))
    outcome = search(given, parse_spec(f"{dtype}[?, ?]").replace(facts=axes))
    assert outcome.verdict == "adapts"
    made = run(given, outcome.plan, rows.reshape(2, *shape))
    np.testing.assert_array_equal(made, [[1, 3], [2, 10], [10, 10]])
