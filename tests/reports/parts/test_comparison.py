from __future__ import annotations

import pytest

from sigcheck.reports.parts.comparison import compare
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec


def rows(provided, required):
    told = compare(parse_spec(provided), parse_spec(required))
    return [(row.part, row.provided, row.required, row.relation) for row in told]


def test_sizes_are_told_axis_by_axis():
    assert rows("float32[?, 8, 3]", "float16[4, ?, 1]") == [
        ("dtype", "float32", "float16", "differs"),
        ("axis 0", "?", "4", "open"),
        ("axis 1", "8", "?", "within"),
        ("axis 2", "3", "1", "differs"),
    ]


@pytest.mark.parametrize(
    ("provided", "required", "lone"),
    [
        ("float32[?, 10]", "float32[?, 1, 10]", ("axis 1", "", "1", "differs")),
        ("float32[?, 8, 8, 1]", "float32[?, 8, 8]", ("axis 3", "1", "", "differs")),
        ("float32[8, 8, 3]", "float32[?, 8, 8, 3]", ("axis 0", "", "?", "differs")),
    ],
)
def test_an_axis_that_one_side_lacks_stands_alone(provided, required, lone):
    told = rows(provided, required)
    assert [row for row in told if row[0].startswith("axis") and not (row[1] and row[2])] == [lone]
    assert all(row[3] == "same" for row in told if row[1] and row[2] and row[0].startswith("axis"))
    assert any(row[0] == "rank" for row in told)


def test_an_unknown_rank_is_open_and_a_wanted_one_within():
    assert ("rank", "unknown", "2", "open") in rows("float32[*]", "float32[?, 16]")
    assert ("rank", "2", "unknown", "within") in rows("float32[?, 16]", "float32[*]")


def test_kinds_are_told_where_they_matter():
    told = rows("ragged int32[?, None]", "int32[?, 12]")
    assert told[0] == ("kind", "ragged", "dense", "differs")
    assert ("axis 1", "None", "12", "open") in told
    assert all(row[0] != "kind" for row in rows("int32[?]", "int32[?]"))


@pytest.mark.parametrize(
    ("provided", "required"),
    [("ragged int32[?, None]", "int32[?, 12]"), ("int32[?, 12]", "ragged int32[?, None]"), ("int32[?]", "int32[3]")],
)
def test_a_dense_tensor_has_no_row_splits_to_compare(provided, required):
    parts = {row[0] for row in rows(provided, required)}
    assert not parts & {"row splits dtype", "ragged rank"}


def test_ragged_tensors_differ_in_row_splits():
    other = "ragged int32[?, None]"
    ours = parse_spec(other)
    told = compare(ours.replace(row_splits_dtype="int32"), ours)
    assert ("row splits dtype", "int32", "int64") in [(row.part, row.provided, row.required) for row in told]


def test_a_spec_against_itself_differs_in_nothing():
    assert {row[3] for row in rows("ragged string[?, None]", "ragged string[?, None]")} == {"same"}


def test_facts_are_compared_where_both_are_known():
    ours = parse_spec("float32[?, 3]").replace(
        facts=Facts(range=(0, 255), channel_order="RGB", axes=("batch", "channel"))
    )
    theirs = parse_spec("float32[?, 3]").replace(facts=Facts(range=(0, 1), normalization={"mean": 0.5, "std": 0.5}))
    told = {row.part: row for row in compare(ours, theirs)}
    assert told["axis 1"].provided == "3 channel"
    assert told["channel order"].relation == "unknown"
    assert told["channel order"].required == "unknown"
    assert told["normalization"].required == "mean [0.5], std [0.5]"
    assert told["range"].provided == "[0, 255]"
    assert told["range"].relation != "same"


def test_ranks_beyond_reading_are_compared_as_they_stand():
    many = parse_spec(f"float32[{', '.join(['2'] * 200)}]")
    assert len(compare(many, parse_spec("float32[2]"))) == 202
