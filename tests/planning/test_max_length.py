from __future__ import annotations

import pytest

from sigcheck.planning.max_length import with_length
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Padding, Quantization
from sigcheck.schema.notation import parse_spec

FILLED = Facts(padding=Padding(value=0))
STEPS = ("batch", "time", "feature")
TURNED = ("batch", "feature", "time")


@pytest.mark.parametrize(
    ("given", "axes", "wanted", "theirs", "shape"),
    [
        ("ragged float32[?, None, 4]", None, "float32[?, ?, ?]", TURNED, (None, None, 9)),
        ("ragged float32[?, None, 4]", STEPS, "float32[?, ?, ?]", TURNED, (None, None, 9)),
        ("ragged float32[?, None, 4]", STEPS, "float32[?, ?, 4]", STEPS, (None, 9, 4)),
        ("ragged float32[?, None, 4]", ("batch", "word", None), "float32[?, ?, ?]", STEPS, (None, 9, None)),
        ("ragged float32[?, None]", ("batch", "word"), "float32[?, ?]", ("time", "batch"), (9, None)),
        ("ragged float32[?, None]", ("time", "batch"), "float32[?, ?]", ("batch", "time"), (None, 9)),
        ("ragged float32[?, None]", None, "float32[?, ?]", None, (None, 9)),
        ("float32[?, ?]", None, "float32[?, ?]", ("time", "batch"), (9, None)),
        ("float32[?, ?, ?]", TURNED, "float32[?, ?, ?]", TURNED, (None, None, 9)),
        # What has a size keeps it, and of what lies behind a batch by no known name none is chosen.
        ("ragged float32[?, None]", None, "float32[?, 12]", None, (None, 12)),
        ("ragged float32[?, None, 4]", None, "float32[?, ?, ?]", ("x", "y", "batch"), (None, None, None)),
    ],
)
def test_the_axis_of_the_rows_gets_the_length(given, axes, wanted, theirs, shape):
    rows = parse_spec(given)
    own = FILLED if rows.kind == "dense" else Facts()
    made = with_length(
        rows.replace(facts=own.replace(axes=axes)), parse_spec(wanted).replace(facts=FILLED.replace(axes=theirs)), 9
    )
    assert made.shape == shape


def test_a_length_that_other_facts_of_the_input_exclude_is_not_taken():
    numbers = Quantization(scale=(1.0, 2.0, 3.0), zero_point=(0, 0, 0), axis=1)
    wanted = parse_spec("int8[?, ?]").replace(facts=Facts(quantization=numbers))
    assert with_length(parse_spec("ragged int8[?, None]"), wanted, 9) is wanted
    assert with_length(parse_spec("ragged int8[?, None]"), wanted, 3).shape == (None, 3)


def test_the_steps_of_rows_are_not_taken_for_the_numbers_of_a_step():
    """Nine was asserted of the numbers, and rows stood in their place."""
    rows, wanted = parse_spec("ragged float32[?, None, 4]"), parse_spec("float32[?, ?, ?]")
    outcome = search(rows, with_length(rows, wanted.replace(facts=FILLED.replace(axes=TURNED)), 9))
    assert [step.transform for step in outcome.plan.steps] == ["ragged_to_dense", "transpose"]
