"""One call for all checksums finds what one for each finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.observation.checksums import checksums
from sigcheck.observation.spans import PADDING, Spans
from tests.observation.records import masked

pytest.importorskip("google_crc32c")


def laid(pieces):
    """The pieces, each with its checksum behind it, from some byte on, and where they lie."""
    content, starts, ends = b"before", [], []
    for piece in pieces:
        starts.append(len(content))
        content += piece
        ends.append(len(content))
        content += masked(piece)
    return content, np.array(starts), np.array(ends)


def found(content, starts, ends):
    """Of all together, and of each."""
    known, end = checksums("a"), len(content)
    each = known.first_wrong(Spans(content + PADDING, starts, ends))
    return known.all_right(content + PADDING, starts, ends, end), each


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=9), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_all_are_right_where_each_is(pieces, random):
    content, starts, ends = laid(pieces)
    order = list(range(len(pieces)))
    random.shuffle(order)
    assert found(content, starts, ends) == (True, len(pieces))
    # The order in which they are told is free, but for the first.
    order.remove(0)
    assert found(content, starts[[0, *order]], ends[[0, *order]]) == (True, len(pieces))


@given(st.lists(st.binary(max_size=12), min_size=1, max_size=6), st.data())
@settings(deadline=None)
def test_any_byte_that_is_another_one_is_noticed(pieces, data):
    content, starts, ends = laid(pieces)
    changed = bytearray(content)
    # In one piece and its checksum, or in several.
    for at in data.draw(st.sets(st.integers(int(starts[0]), len(content) - 1), min_size=1, max_size=3)):
        changed[at] ^= data.draw(st.integers(1, 255))
    together, first = found(bytes(changed), starts, ends)
    assert not together
    assert first == next(
        at
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
        if changed[start : end + 4] != content[start : end + 4]
    )
