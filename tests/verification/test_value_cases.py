from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.shape import is_subshape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, numpy_dtype
from sigcheck.verification.case_shapes import MAX_SIZE_CASES
from sigcheck.verification.value_cases import MAX_ROWS_IN_ALL, NoValuesError, value_cases


def cases(text, wanted=(), **facts):
    return list(value_cases(parse_spec(text).replace(facts=Facts(**facts)), wanted))


GENERATED = [name for name, dtype in DTYPES.items() if dtype.kind not in {"quantized", "opaque"}]


@pytest.mark.parametrize("dtype", GENERATED)
def test_every_value_is_of_its_spec(dtype):
    spec = parse_spec(f"{dtype}[?, 2, ?]")
    for case in value_cases(spec):
        assert case.value.dtype == numpy_dtype(dtype), case.name
        assert is_subshape(case.value.shape, spec.shape), case.name


@pytest.mark.parametrize("dtype", ["variant", "resource", "qint8"])
def test_a_dtype_without_values_is_refused(dtype):
    with pytest.raises(NoValuesError, match=dtype):
        cases(f"{dtype}[?]")


def test_unknown_sizes_are_empty_one_and_primes_that_differ():
    shapes = [case.value.shape for case in cases("float32[?, ?, 4]")]
    assert shapes[0] == (3, 5, 4)
    assert {(0, 5, 4), (3, 0, 4), (1, 1, 4), (1, 5, 4), (3, 1, 4)} <= set(shapes)


def test_a_known_shape_has_one_size_and_all_kinds_of_values():
    names = [case.name for case in cases("float32[2, 3]")]
    assert names == ["ordinary values [2, 3]", "limits of float32 [2, 3]", "NaN, infinities and -0.0 [2, 3]"]


def test_wanted_sizes_are_tried_with_all_kinds_of_values():
    of_128 = [case for case in cases("float32[?, ?]", [(None, 128)]) if case.value.shape == (3, 128)]
    assert len(of_128) == 3


def test_sizes_whose_product_is_wanted_are_tried():
    assert (3, 16, 8) in [case.value.shape for case in cases("float32[?, ?, 8]", [(None, 128)])]


def test_unknown_rank_is_tried_in_several_ranks_and_in_the_wanted_shape():
    shapes = {case.value.shape for case in cases("float32[*]", [(None, 16)])}
    assert (3, 16) in shapes
    assert {0, 1, 2, 3, 4} <= {len(shape) for shape in shapes}


def test_limits_hold_the_ends_of_the_type_and_of_narrower_ones():
    limits = next(case for case in cases("int64[200]") if case.name.startswith("limits"))
    assert {2**63 - 1, -(2**63), 2**31 - 1, 2**31, -(2**31) - 1, 2**24 + 1} <= set(limits.value.tolist())
    largest = next(case for case in cases("uint64[200]") if case.name.startswith("limits"))
    assert 2**64 - 1 in largest.value.tolist()


def test_special_floats_are_among_the_values():
    special = cases("float32[8]")[-1].value
    assert np.isnan(special).any()
    assert np.isposinf(special).any()
    assert np.isneginf(special).any()
    assert (np.signbit(special) & (special == 0)).any()


@pytest.mark.parametrize("dtype", ["float32", "float16", "int32", "uint8"])
def test_a_declared_range_is_kept_and_its_ends_are_reached(dtype):
    values = np.concatenate([case.value.ravel() for case in cases(f"{dtype}[?, 16]", range=(10, 90))])
    assert values.min() == 10
    assert values.max() == 90


def test_a_declared_id_count_is_kept():
    values = np.concatenate([case.value.ravel() for case in cases("int64[?, 16]", meaning="token_ids", id_count=50)])
    assert values.min() == 0
    assert values.max() == 49


def test_a_range_without_a_whole_number_has_no_integers():
    with pytest.raises(NoValuesError):
        cases("int32[?]", range=(0.25, 0.75))


def test_ragged_rows_are_empty_exact_and_too_long():
    found = cases("ragged int32[?, None]", [(None, 12)])
    assert all(isinstance(case.value, RaggedArray) for case in found)
    lengths = {length for case in found for length in np.diff(case.value.row_splits[0]).tolist()}
    assert {0, 1, 12, 13} <= lengths
    assert any(len(case.value.row_splits[0]) == 1 for case in found), "no rows at all"


def test_ragged_values_fit_their_splits():
    for case in cases("ragged float32[?, None, None, 4]"):
        outer, inner = case.value.row_splits
        assert outer[-1] == len(inner) - 1
        assert inner[-1] == len(case.value.values)
        assert case.value.values.shape[1:] == (4,)


def test_a_known_size_of_a_ragged_axis_is_kept():
    spec = parse_spec("ragged float32[?, None, None]").replace(shape=(None, 2, None))
    assert all(set(np.diff(case.value.row_splits[0]).tolist()) <= {2} for case in value_cases(spec))


def test_sparse_tensors_are_empty_partial_and_full_in_row_major_order():
    filled = set()
    for case in cases("sparse float32[?, 6]"):
        assert isinstance(case.value, SparseArray)
        rows = [tuple(index) for index in case.value.indices.tolist()]
        assert rows == sorted(set(rows))
        size = int(np.prod(case.value.dense_shape))
        if size:
            filled.add(len(rows) == size or (0 < len(rows) < size) / 2)
    assert filled == {0, 0.5, 1}


def test_the_same_spec_gives_the_same_values():
    for one, other in zip(cases("float32[?, ?]"), cases("float32[?, ?]"), strict=True):
        assert one.name == other.name
        np.testing.assert_array_equal(one.value, other.value)


def test_sizes_beyond_the_bound_are_refused_not_made():
    with pytest.raises(NoValuesError, match="more than"):
        cases("float32[?, 9000000000000000000]")


def test_a_large_known_shape_is_tried_with_one_tensor_of_it():
    shapes = [case.value.shape for case in cases("uint8[?, 1600, 1600, 3]")]
    assert (1, 1600, 1600, 3) in shapes
    assert (3, 1600, 1600, 3) not in shapes


def test_the_number_of_sizes_is_bounded():
    wanted = [(None, *range(start, start + 7)) for start in range(2, 40)]
    found = {case.value.shape for case in cases("int8[" + ", ".join("?" * 8) + "]", wanted)}
    assert len(found) <= MAX_SIZE_CASES


def test_numbers_that_guards_speak_of_are_tried_alone_with_their_neighbours():
    found = list(value_cases(parse_spec("int64[?, 4]"), [(None, 4)], [100]))
    alone = [set(case.value.ravel().tolist()) for case in found if case.name.startswith("every value")]
    assert alone == [{-(2**63)}, {99}, {100}, {101}, {2**63 - 1}]


def test_numbers_beyond_what_the_dtype_holds_are_not_tried():
    found = [case.name for case in value_cases(parse_spec("uint8[?]"), (), [0, 255]) if "every" in case.name]
    assert found == [f"every value {number} [3]" for number in (0, 1, 254, 255)]


def test_a_size_that_only_one_guard_stops_is_tried_on_each_side():
    shapes = {case.value.shape for case in cases("float32[?, ?, ?]", [(None, 8, 16)])}
    assert {(3, 8, 16), (3, 9, 16), (3, 7, 16), (3, 8, 17), (3, 8, 15)} <= shapes


def test_rows_that_only_one_guard_stops_are_tried():
    found = [case.value for case in cases("ragged float32[?, None, None]", [(None, 3, 4)])]
    longest = {tuple(int(np.diff(splits).max(initial=0)) for splits in value.row_splits) for value in found}
    assert any(outer == 4 and inner <= 4 for outer, inner in longest)
    assert any(outer <= 3 and inner == 5 for outer, inner in longest)


def test_numbers_that_facts_deny_are_for_guards_only():
    spec = parse_spec("int32[?]").replace(facts=Facts(id_count=100))
    found = {int(case.value[0]): case.is_beyond for case in value_cases(spec, (), [0, 50, 100]) if "every" in case.name}
    ends = {-(2**31): True, 2**31 - 1: True}
    assert found == ends | {
        -1: True,
        0: False,
        1: False,
        49: False,
        50: False,
        51: False,
        99: False,
        100: True,
        101: True,
    }


@pytest.mark.parametrize("kind", ["float32", "string", "bool", "int32", "sparse float32"])
def test_more_axes_than_an_array_has_are_said(kind):
    with pytest.raises(NoValuesError, match="axes"):
        cases(f"{kind}[{', '.join('?' * 80)}]")
    with pytest.raises(NoValuesError, match="axes"):
        cases("float32[?]", [(None,) * 80])


def test_rows_that_multiply_from_axis_to_axis_end():
    for axes in (12, 20, 31):
        made = cases(f"ragged int64[?{', None' * axes}]", [(None, *[5] * axes)])
        assert sum(len(splits) for case in made for splits in case.value.row_splits) <= 2 * MAX_ROWS_IN_ALL
        assert any(len(case.value.values) for case in made)


def test_rows_of_which_none_can_be_made_are_said():
    with pytest.raises(NoValuesError, match="rows"):
        list(value_cases(TensorSpec(kind="ragged", dtype="int64", shape=(None, 200, 200, 20), ragged_rank=3)))
