"""Whole numbers that lie close together are counted; all that is told of them is what NumPy tells of the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.observation.channels import Channels
from sigcheck.observation.counted import counted, occurrences
from sigcheck.observation.histogram import Histogram
from sigcheck.schema.observation import SHARES

DTYPES = ("uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64")


@given(st.sampled_from(DTYPES), st.integers(1, 5), st.data())
@settings(max_examples=300, deadline=None)
def test_counts_tell_all_of_the_numbers(dtype, channels, data):
    info = np.iinfo(dtype)
    origin = data.draw(st.sampled_from([info.min, max(info.min, -2), 0, info.max - 3]))
    rows = data.draw(st.lists(st.integers(0, 3), min_size=4 * channels, max_size=40 * channels))
    rows = rows[: len(rows) // channels * channels]
    flat = np.array([origin + number for number in rows], dtype)
    found = counted(flat, channels)
    assert found is not None
    columns = [flat[channel::channels].tolist() for channel in range(channels)]
    assert found.ends == [(min(column), max(column)) for column in columns]
    assert found.zeros == [column.count(0) for column in columns]
    assert found.sums == [(sum(column), sum(number**2 for number in column)) for column in columns]
    assert found.values[found.of_all > 0].tolist() == sorted(set(flat.tolist()))


def test_what_lies_far_apart_is_not_counted():
    assert counted(np.array([0, 2**40]), 1) is None
    assert counted(np.array([-(2**63), 2**63 - 1]), 1) is None
    assert counted(np.arange(6, dtype=np.int8), 3) is None


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [1, 3])
def test_whether_numbers_are_counted_changes_nothing_that_is_told(dtype, width, monkeypatch):
    flat = np.random.default_rng(0).integers(0, 90, 3000 * width).astype(dtype)
    flat[5] = np.iinfo(dtype).max if np.iinfo(dtype).max < 2**16 and width == 1 else 7
    fast = Channels(flat, width)
    monkeypatch.setattr("sigcheck.observation.channels.counted", lambda *_: None)
    slow = Channels(flat, width)
    assert fast.all.observed() == slow.all.observed()
    assert fast.observed() == slow.observed()
    assert len(fast.observed()) == (width if width > 1 else 0)
    assert set(fast.values.tolist()) == set(slow.values.tolist())


def test_quantiles_of_half_floats_are_their_own():
    numbers = np.random.default_rng(0).normal(size=20_000).astype(np.float16)
    bins = Histogram()
    bins.add(numbers)
    found = bins.quantiles(SHARES, numbers.dtype, is_whole=False)
    assert found == tuple(np.quantile(numbers.astype(np.float64), SHARES, method="inverted_cdf"))


@given(st.lists(st.integers(0, 30)), st.sampled_from(["uint8", "uint16", "uint32", "int64"]))
def test_places_occur_as_often_as_numpy_counts(places, dtype):
    assert occurrences(np.array(places, dtype), 31).tolist() == np.bincount(places, minlength=31).tolist()
