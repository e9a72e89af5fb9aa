from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.observation.exact_sum import exact_sums, squares_of, sum_of, whole_sums


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


def test_a_full_block_of_the_largest_is_exact():
    values = np.full(1 << 13, np.float32(3.4e38))
    total, squares = exact_sums(values, 3.4e38)
    assert sum_of(total) == Fraction(float(values[0])) * len(values)
    assert squares_of(squares) == Fraction(float(values[0])) ** 2 * len(values)
