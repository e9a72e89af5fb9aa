from __future__ import annotations

import numpy as np

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms.parts.array import RaggedArray, SparseArray
from sigcheck.verification.shrink import shrink


def smallest(text, value, is_failing, **options):
    spec = text if not isinstance(text, str) else parse_spec(text)
    return shrink({"a": value}, {"a": spec}, lambda tensors: is_failing(tensors["a"]), **options)["a"]


def test_one_bad_value_among_many_is_left_alone():
    value = np.arange(1, 36, dtype=np.float32).reshape(7, 5)
    value[4, 2] = np.nan
    found = smallest("float32[?, ?]", value, lambda a: bool(np.isnan(a).any()))
    assert found.shape == (1, 1)
    assert np.isnan(found).all()


def test_a_known_size_is_kept_and_the_rest_made_simple():
    value = np.linspace(-9, 9, 12, dtype=np.float32).reshape(4, 3)
    found = smallest("float32[?, 3]", value, lambda a: bool((a > 5).any()))
    assert found.shape == (1, 3)
    assert sorted(found.ravel())[:2] == [0.0, 0.0]
    assert found.max() > 5


def test_values_stay_within_what_is_declared():
    spec = parse_spec("int32[?]").replace(facts=Facts(range=(5, 9)))
    found = smallest(spec, np.asarray([7, 8, 9], np.int32), lambda a: len(a) > 1)
    assert found.tolist() == [5, 5]


def test_minus_zero_is_not_taken_for_zero():
    found = smallest("float32[?]", np.asarray([3.0, -0.0], np.float32), lambda a: bool(np.signbit(a).any()))
    assert found.tolist() == [0.0]
    assert np.signbit(found).all()


def test_rows_of_a_ragged_tensor_are_left_out():
    value = RaggedArray(np.arange(6, dtype=np.int32), (np.asarray([0, 2, 2, 5, 6], np.int64),))
    found = smallest("ragged int32[?, None]", value, lambda a: int(np.diff(a.row_splits[0]).max()) == 3)
    assert found.row_splits[0].tolist() == [0, 3]
    assert found.values.tolist() == [0, 0, 0]


def test_inner_rows_go_with_their_outer_ones():
    outer, inner = np.asarray([0, 2, 3], np.int64), np.asarray([0, 1, 3, 6], np.int64)
    value = RaggedArray(np.arange(6, dtype=np.int32), (outer, inner))
    found = smallest("ragged int32[?, None, None]", value, lambda a: int(np.diff(a.row_splits[1]).max()) == 3)
    assert [splits.tolist() for splits in found.row_splits] == [[0, 1], [0, 3]]


def test_entries_of_a_sparse_tensor_are_left_out():
    value = SparseArray(
        np.asarray([[0, 0], [1, 1], [2, 0]]), np.asarray([1.0, 7.0, 3.0], np.float32), np.asarray([3, 2])
    )
    found = smallest("sparse float32[?, 2]", value, lambda a: bool((a.values == 7).any()))
    assert found.indices.tolist() == [[1, 1]]
    assert found.values.tolist() == [7.0]


def test_it_ends_where_runs_or_seconds_are_used_up():
    value, runs = np.ones(1024, np.float32) * 5, []

    def failing(a):
        runs.append(1)
        return True

    smallest("float32[?]", value, failing, max_runs=3)
    assert len(runs) == 3
    assert smallest("float32[?]", value, failing, max_seconds=-1.0).shape == (1024,)


def test_strings_and_truths_are_made_simple_too():
    text = smallest("string[?]", np.asarray([b"x" * 300, b"b"], object), lambda a: len(a) == 2)
    assert text.tolist() == [b"", b""]
    truth = smallest("bool[?]", np.asarray([True, True]), lambda a: len(a) > 0)
    assert truth.tolist() == [False]
