from __future__ import annotations

import numpy as np
import pytest

from sigcheck.transforms.parts.array import RaggedArray, SparseArray
from sigcheck.verification.comparison import find_difference


def splits(*numbers):
    return np.asarray(numbers, np.int64)


def ragged(values, *rows):
    return RaggedArray(np.asarray(values, np.float32), tuple(rows))


def sparse(values, indices, shape):
    return SparseArray(splits(*indices).reshape(-1, 1), np.asarray(values, np.float32), splits(*shape))


EQUAL = [
    np.asarray([1.0, np.nan, np.inf, -0.0], np.float32),
    np.asarray([b"a", b""], object),
    np.asarray(3, np.int64),
    np.asarray([1 + 2j, np.nan], np.complex64),
    np.zeros((0, 3), np.float16),
    ragged([1, 2], splits(0, 0, 2)),
    sparse([5], [1], [4]),
]


@pytest.mark.parametrize("value", EQUAL, ids=str)
def test_a_value_equals_itself(value):
    assert find_difference(value, value) is None


DIFFERENT = [
    (np.asarray([1.0, 2.0]), np.asarray([1.0, 3.0]), "3.0 at [1], expected 2.0 (1 of 2 values differ)"),
    (np.asarray([0.0]), np.asarray([-0.0]), "-0.0 at [0], expected 0.0"),
    (np.asarray([np.nan]), np.asarray([1.0]), "1.0 at [0], expected nan"),
    (np.asarray([1.0]), np.asarray([np.nan]), "nan at [0], expected 1.0"),
    (np.zeros(2), np.zeros(3), "shape [3], expected [2]"),
    (np.zeros(2, np.float32), np.zeros(2), "dtype float64, expected float32"),
    (np.asarray([b"a"], object), np.asarray([b"b"], object), "b'b' at [0], expected b'a'"),
    (np.zeros(2, np.float32), ragged([], splits(0, 0)), "a ragged tensor, expected a dense tensor"),
    (ragged([1, 2], splits(0, 1, 2)), ragged([1, 2], splits(0, 0, 2)), "other rows in axis 1"),
    (ragged([1], splits(0, 1)), ragged([1], splits(0, 1), splits(0, 1)), "ragged rank 2, expected 1"),
    (sparse([5], [1], [4]), sparse([5], [2], [4]), "other indices"),
    (sparse([5], [1], [4]), sparse([5], [1], [5]), "dense shape [5], expected [4]"),
    (np.asarray([2**63 - 1]), np.asarray([2**63 - 2]), "expected 9223372036854775807"),
]


@pytest.mark.parametrize(("expected", "actual", "words"), DIFFERENT)
def test_a_difference_is_told_in_words(expected, actual, words):
    assert words in find_difference(expected, actual)


def test_what_is_allowed_is_allowed_value_by_value():
    expected, actual = np.asarray([1.0, 100.0]), np.asarray([1.001, 101.0])
    assert find_difference(expected, actual, np.asarray([0.01, 2.0])) is None
    assert "1.001 at [0]" in find_difference(expected, actual, np.asarray([0.0001, 2.0]))


def test_infinities_are_equal_only_to_themselves_whatever_is_allowed():
    allowed = np.asarray([1.0])
    assert find_difference(np.asarray([np.inf]), np.asarray([np.inf]), allowed) is None
    assert find_difference(np.asarray([np.inf]), np.asarray([-np.inf]), allowed) is not None
    assert find_difference(np.asarray([1.0]), np.asarray([np.nan]), allowed) is not None
