from __future__ import annotations

import numpy as np
import pytest

from sigcheck.transforms.parts.array import RaggedArray
from sigcheck.verification.tolerance import UNITS, has_only_finite, is_same_type, spread, tolerance

ONES = np.ones(3, np.float32)


@pytest.mark.parametrize(
    ("values", "digits", "expected"),
    [
        (ONES, None, UNITS * 2.0**-23),
        (ONES * 100, None, 100 * UNITS * 2.0**-23),
        (ONES, 11, UNITS * 2.0**-10),
        (ONES.astype(np.float16), 24, UNITS * 2.0**-10),
        (np.asarray([np.inf, 2.0]), None, 2 * UNITS * 2.0**-52),
    ],
)
def test_it_is_some_units_of_the_largest_value(values, digits, expected):
    assert tolerance(values, digits).tolist() == [expected] * len(values)


@pytest.mark.parametrize("values", [np.ones(3, np.int32), np.asarray([True]), np.asarray([b"a"], object)])
def test_what_is_not_rounded_must_be_equal(values):
    assert tolerance(values) is None


def test_the_spread_is_the_largest_difference_of_finite_values():
    assert spread(np.asarray([1.0, np.nan, 5.0]), np.asarray([1.5, 2.0, 5.25])) == 0.5
    assert spread(ONES, np.ones(4, np.float32)) == float("inf")


def test_types_are_kind_dtype_and_shape():
    ragged = RaggedArray(ONES, (np.asarray([0, 3]),))
    assert is_same_type(ONES, ONES * 2)
    assert is_same_type(ragged, RaggedArray(np.ones(4, np.float32), (np.asarray([0, 4]),)))
    assert not is_same_type(ONES, ragged)
    assert not is_same_type(ONES, ONES.astype(np.float64))
    assert not is_same_type(ONES, np.ones(4, np.float32))


def test_only_floats_can_be_infinite():
    assert has_only_finite(np.ones(2, np.int64))
    assert has_only_finite(ONES)
    assert not has_only_finite(np.asarray([1.0, np.nan]))
