"""Numbers of many rows are counted together as those of each row are alone."""

from __future__ import annotations

import warnings

import ml_dtypes  # noqa: F401  # NumPy knows the names of narrow floats once it is imported
import numpy as np
import pytest

from sigcheck.observation.numbers import Numbers, numbers_of_rows

INTEGERS = ("bool", "int8", "uint8", "int32", "int64", "uint64", ">i4")
FLOATS = ("float16", "bfloat16", "float32", "float64", "float8_e5m2", ">f4")


def state(one):
    return {name: getattr(one, name) for name in Numbers.__slots__ if name != "bins"}


def alone(row):
    one = Numbers(np.dtype("uint8") if row.dtype == np.bool_ else row.dtype, has_bins=False)
    one.add(row)
    return one


@pytest.mark.parametrize("dtype", INTEGERS)
def test_whole_numbers(dtype):
    random = np.random.default_rng(0)
    small = random.integers(0, 2, (3, 40)).astype(dtype)
    for rows in (small, small[:, :1], small * 0):
        assert [state(one) for one in numbers_of_rows(rows)] == [state(alone(row)) for row in rows]
    if dtype != "bool":
        # Squares of these, or the sum of them, need more than 63 bits.
        small[1, 3], small[2, 7] = np.iinfo(dtype).max, np.iinfo(dtype).min
        found = numbers_of_rows(small)
        assert [state(one) for one in found] == [state(alone(row)) for row in small]
        assert [one.squares for one in found] == [sum(number**2 for number in row) for row in small.tolist()]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("special", [0.5, -0.0, np.nan, np.inf, -np.inf])
def test_floats_of_which_some_are_none_warn_of_nothing(dtype, special):
    rows = np.random.default_rng(0).integers(-3, 4, (3, 9000)).astype(dtype)
    rows[1, 8500] = special
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = numbers_of_rows(rows)
        assert [state(one) for one in found] == [state(alone(row)) for row in rows]
    assert [one.is_whole for one in found] == [True, special != 0.5, True]
    assert sum(one.nan for one in found) == np.isnan(special)
    assert sum(one.infinite for one in found) == np.isinf(special)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_zeros_of_either_sign_are_counted(dtype, zero):
    one = Numbers(np.dtype(dtype))
    one.add(np.array([zero, 1, zero, -3], dtype))
    assert one.observed().zeros == 2
