from __future__ import annotations

import pytest

from sigcheck.planning.matching import feed
from sigcheck.planning.taken_apart import rows_of, sparse_parts
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint


def ends(**specs):
    return [Endpoint(name=name, spec=parse_spec(spec)) for name, spec in specs.items()]


@pytest.mark.parametrize(
    ("outputs", "parts"),
    [
        ({"indices": "int64[?, 2]", "values": "string[?]", "dense_shape": "int64[2]"}, True),
        ({"decoded_shape_0": "int64[?]", "decoded_values_0": "int32[?]", "decoded_indices_0": "int64[?, ?]"}, True),
        # A place has two numbers and the size three.
        ({"indices": "int64[?, 2]", "values": "int64[?]", "dense_shape": "int64[3]"}, False),
        # The best three of scores are no sparse tensor.
        ({"indices": "int32[?, 3]", "values": "float32[?, 3]"}, False),
        ({"a_indices": "int64[?, 2]", "b_values": "int64[?]", "dense_shape": "int64[2]"}, False),
    ],
)
def test_parts_are_found_by_name_and_spec(outputs, parts):
    assert set(sparse_parts(ends(**outputs))) == (set(outputs) if parts else set())


def test_values_are_no_rows_where_their_lengths_feed_another_input():
    """Beside others that are bound by what it costs, too."""
    (lengths,) = ends(n="int64[?]")
    lengths = lengths.model_copy(update={"spec": lengths.spec.replace(facts=Facts(meaning="lengths"))})
    outputs = [*ends(v="int32[?]", w="float32[?, 7]"), lengths]
    match = feed(outputs, [*ends(x="ragged int32[?, None]", z="float32[?, 7]"), lengths])
    assert [(one.required, one.provided) for one in match.bindings] == [("z", "w"), ("n", "n")]


def test_values_are_no_rows_where_their_lengths_are_declared():
    (values,), (rows,) = ends(v="int32[?]"), ends(x="ragged int32[?, None]")
    (counts,) = ends(n="int64[?]")
    assert feed([values, counts], [rows]).bindings
    lengths = counts.model_copy(update={"spec": counts.spec.replace(facts=Facts(meaning="lengths"))})
    assert not feed([values, lengths], [rows]).bindings
    (made,) = feed([values, lengths], [rows], {"ragged_by_lengths(v, n)": "x"}).bindings
    assert made.verdict == "guarded"


@pytest.mark.parametrize(
    ("given", "junction"),
    [
        ({"values": "int32[?]", "row_splits": "int64[?]"}, "ragged_by_row_splits(values, row_splits)"),
        ({"values": "int32[?]", "row_lengths": "int64[?]"}, "ragged_by_lengths(values, row_lengths)"),
        ({"flat": "int32[?, 3]", "lengths": "int32[?]"}, "ragged_by_lengths(flat, lengths)"),
        (
            {"v": "int32[?]", "value_rowids": "int64[?]", "nrows": "int64[]"},
            "ragged_by_value_rowids(v, value_rowids, nrows)",
        ),
        (
            {"v": "int32[?]", "row_ids": "int64[?]", "num_rows": "int64[]"},
            "ragged_by_value_rowids(v, row_ids, num_rows)",
        ),
    ],
)
def test_values_are_no_rows_beside_what_is_called_as_what_tells_where_these_are(given, junction):
    """One row was made of each value."""
    outputs = ends(**given)
    (rows,) = ends(x="ragged int32[?, None, 3]" if "flat" in given else "ragged int32[?, None]")
    assert not feed(outputs, [rows]).bindings
    kind, names = next(rows_of(outputs, rows))
    assert f"{kind}({', '.join(names)})" == junction
    assert [one.verdict for one in feed(outputs, [rows], {junction: "x"}).bindings] == ["guarded"]


@pytest.mark.parametrize("name", ["words", "values"])
def test_a_name_makes_no_row_of_each_value(name):
    """Beside its own row splits; a person may bind it."""
    outputs, rows = (
        ends(**{name: "int32[?]", f"{name}_row_splits": "int64[?]"}),
        ends(**{name: "ragged int32[?, None]"}),
    )
    assert not feed(outputs, rows).bindings
    assert next(rows_of(outputs, rows[0])) == ("ragged_by_row_splits", (name, f"{name}_row_splits"))
    assert [one.verdict for one in feed(outputs, rows, {name: name}).bindings] == ["adapts"]
    beside = ends(**{name: "int32[?]", "other_row_splits": "int64[?]", "other": "int32[?]"})
    assert bool(feed(beside, rows).bindings) is (name != "values")


def test_of_several_rows_each_is_made_of_what_is_called_like_it():
    outputs = ends(a="int32[?]", a_splits="int64[?]", b="int32[?]", b_splits="int64[?]")
    for name in "ab":
        (rows,) = ends(**{name: "ragged int32[?, None]"})
        assert next(rows_of(outputs, rows)) == ("ragged_by_row_splits", (name, f"{name}_splits"))


def test_each_has_the_row_splits_that_are_called_like_it():
    outputs = ends(a="int32[?]", b="int32[?]", b_splits="int64[?]", a_splits="int64[?]")
    (rows,) = ends(x="ragged int32[?, None]")
    first = {}
    for _, (values, splits) in rows_of(outputs, rows):
        first.setdefault(splits, values)
    assert first == {"a_splits": "a", "b_splits": "b"}


def test_no_part_is_proposed_alone_and_a_person_may_bind_one():
    outputs = ends(indices="int64[?, 2]", values="int64[?]", dense_shape="int64[2]")
    inputs = ends(ids="int64[?, ?]")
    found = feed(outputs, inputs)
    assert not found.bindings
    assert [one.name for one in found.missing] == ["ids"]
    assert [one.provided for one in feed(outputs, inputs, {"values": "ids"}).bindings] == ["values"]
    assert [one.provided for one in feed(outputs, ends(values="int64[?]")).bindings] == ["values"]


@pytest.mark.parametrize(
    ("given", "is_bound"),
    [
        ({"v": "int64[?, 1]", "v_lengths": "int64[?, 1]"}, False),
        ({"v": "int64[?, 1]", "v_nnzs": "int64[?]"}, False),
        ({"v": "int64[?]", "v_nnz": "int32[?, 1]"}, False),
        ({"v": "int64[?, 1]", "v_row_splits": "int64[?, 1]"}, False),
        ({"v": "int64[?, 2]", "v_lengths": "int64[?, 1]"}, False),
        # Lengths of something else.
        ({"v": "int64[?, 1]", "word_lengths": "int64[?, 1]"}, True),
    ],
)
def test_values_and_lengths_in_columns_are_taken_apart_too(given, is_bound):
    """One row was made of each value, as if every row were full."""
    (rows,) = ends(v="ragged int64[?, None]")
    assert bool(feed(ends(**given), [rows]).bindings) is is_bound
