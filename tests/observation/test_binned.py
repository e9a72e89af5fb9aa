from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.observation import binned as module
from sigcheck.observation.binned import binned
from sigcheck.observation.exact_sum import exact_sums, squares_of, sum_of

FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)


def parts_of(numbers):
    return list(binned(numbers, float(np.abs(numbers).max())))


def sums_of(parts):
    return sum(one.total for one in parts), sum(one.squares for one in parts)


def counts_of(parts):
    found = np.zeros(1 << 16, np.int64)
    for one in parts:
        assert (np.diff(one.bins) > 0).all()
        assert (one.counts > 0).all()
        found[one.bins] += one.counts
    return found


def bits(numbers):
    return np.array(numbers, np.uint32).view(np.float32)


@given(st.lists(FLOATS, min_size=1, max_size=40))
@settings(max_examples=300, deadline=None)
def test_sums_are_exact_and_bins_the_first_bits(numbers):
    values = np.array(numbers, np.float32)
    parts = parts_of(values)
    total, squares = sums_of(parts)
    assert sum_of(total) == sum(map(Fraction, numbers))
    assert squares_of(squares) == sum(Fraction(number) ** 2 for number in numbers)
    assert (counts_of(parts) == np.bincount(values.view(np.uint32) >> 16, minlength=1 << 16)).all()


@pytest.mark.parametrize("last", [0x7F7FFFFF, 0xFF7FFFFF, 0x3F80FFFF, 0x0000FFFF, 0x80000001, 0x80000000, 0])
@pytest.mark.parametrize("count", [(1 << 18) - 1, 1 << 18, (1 << 18) + 1, (1 << 19) + (1 << 14) + 3])
def test_sums_of_one_bin_are_exact_however_many_it_has(last, count):
    values = bits(np.full(count, last))
    number = Fraction(float(values[0]))
    parts = parts_of(values)
    total, squares = sums_of(parts)
    assert sum_of(total) == count * number
    assert squares_of(squares) == count * number**2
    assert counts_of(parts)[last >> 16] == count


@pytest.mark.parametrize("frequent", [0, 0.3, 0.9, 0.999])
def test_a_frequent_bin_among_others_changes_nothing(frequent):
    random = np.random.default_rng(0)
    values = random.standard_normal(900_001, np.float32)
    values[random.random(len(values)) < frequent] = bits([0xBF81FFFF])[0]
    for some in (values, np.sort(values), np.sort(values)[::-1].copy()):
        parts = parts_of(some)
        assert sums_of(parts) == exact_sums(values, float(np.abs(values).max()))
        assert (counts_of(parts) == np.bincount(values.view(np.uint32) >> 16, minlength=1 << 16)).all()


def test_threads_have_bins_of_their_own():
    random = np.random.default_rng(0)
    arrays = [random.standard_normal(1 << 17, np.float32) * 10.0**place for place in range(12)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(parts_of, arrays))
    assert [sums_of(parts) for parts in found] == [exact_sums(one, float(np.abs(one).max())) for one in arrays]


def test_what_is_interrupted_leaves_nothing_behind(monkeypatch):
    values = np.random.default_rng(0).standard_normal(1 << 16, np.float32)
    before = sums_of(parts_of(values))
    add = module._Space.add
    left = [2]

    def interrupted(space, numbers):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        add(space, numbers)

    monkeypatch.setattr(module._Space, "add", interrupted)
    with pytest.raises(KeyboardInterrupt):
        parts_of(values)
    assert sums_of(parts_of(values)) == before
