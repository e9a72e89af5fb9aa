from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sigcheck.observation.exact_sum import (
    exact_sums,
    exact_sums_of_rows,
    squares_of,
    sum_of,
    whole_sums,
    whole_sums_of_rows,
)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=40))
@settings(max_examples=300, deadline=None)
def test_sums_of_floats_are_exact(numbers):
    values = np.array(numbers)
    total, squares = exact_sums(values, float(np.abs(values).max()))
    assert sum_of(total) == sum(map(Fraction, numbers))
    assert squares_of(squares) == sum(Fraction(number) ** 2 for number in numbers)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=40))
@settings(max_examples=300, deadline=None)
def test_sums_of_whole_numbers_are_exact(numbers):
    assert whole_sums(np.array(numbers, np.int64)) == (sum(numbers), sum(number**2 for number in numbers))


SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=40)


@given(
    st.sampled_from(["float16", "float32", "float64"]).flatmap(
        lambda dtype: hnp.arrays(
            dtype,
            SHAPES,
            elements=st.floats(allow_nan=False, allow_infinity=False, width=8 * np.dtype(dtype).itemsize),
        )
    )
)
@settings(max_examples=300, deadline=None)
def test_rows_that_are_cut_together_have_exact_sums(rows):
    found = exact_sums_of_rows(rows, np.abs(rows).max(axis=1).astype(np.float64))
    for row, (total, squares) in zip(rows.tolist(), found, strict=True):
        assert sum_of(total) == sum(map(Fraction, row))
        assert squares_of(squares) == sum(Fraction(number) ** 2 for number in row)


def test_full_rows_are_exact_whatever_their_sizes():
    random = np.random.default_rng(0)
    scales = 10.0 ** np.arange(-12, 13)[:, None]
    for dtype in (np.float32, np.float64):
        rows = (random.normal(size=(25, 1 << 13)) * scales * 2.0 ** random.integers(-60, 1, (25, 1 << 13))).astype(
            dtype
        )
        found = exact_sums_of_rows(rows, np.abs(rows).max(axis=1).astype(np.float64))
        for row, (total, squares) in zip(rows.tolist(), found, strict=True):
            assert sum_of(total) == sum(map(Fraction, row))
            assert squares_of(squares) == sum(Fraction(number) ** 2 for number in row)


def test_few_and_many_small_numbers_of_a_block_are_summed_exactly():
    random = np.random.default_rng(0)
    for dtype in (np.float32, np.float64):
        for share in (0.0, 0.001, 0.1, 0.9):
            numbers = random.normal(size=(1 << 13) + 100)
            small = random.random(numbers.size) < share
            numbers[small] = numbers[small] * 10.0 ** random.integers(-14, -3, small.sum()) * random.integers(0, 2)
            values = numbers.astype(dtype)
            total, squares = exact_sums(values, float(np.abs(values).max()))
            assert sum_of(total) == sum(map(Fraction, values.tolist())), share
            assert squares_of(squares) == sum(Fraction(number) ** 2 for number in values.tolist()), share


@given(hnp.arrays(np.int64, SHAPES, elements=st.integers(-(2**34), 2**34)))
@settings(max_examples=300, deadline=None)
def test_rows_of_whole_numbers_have_exact_sums_or_none(rows):
    top = int(np.abs(rows).max())
    found = whole_sums_of_rows(rows, top)
    if found is None:
        assert top * top * rows.shape[1] >= 2**63
    else:
        assert found == [(sum(row), sum(number**2 for number in row)) for row in rows.tolist()]


def test_a_full_block_of_the_largest_is_exact():
    values = np.full(1 << 13, np.float32(3.4e38))
    total, squares = exact_sums(values, 3.4e38)
    assert sum_of(total) == Fraction(float(values[0])) * len(values)
    assert squares_of(squares) == Fraction(float(values[0])) ** 2 * len(values)


def test_squares_between_the_smallest_exponents_are_exact():
    random = np.random.default_rng(0)
    for exponent in range(-484, -470):
        rows = np.ldexp(random.uniform(-1, 1, (3, 100)), exponent - random.integers(0, 8, (3, 100)))
        for row, (_, squares) in zip(rows.tolist(), exact_sums_of_rows(rows, np.abs(rows).max(axis=1)), strict=True):
            assert squares_of(squares) == sum(Fraction(number) ** 2 for number in row), exponent
            assert exact_sums(np.array(row), max(map(abs, row)))[1] == squares, exponent
