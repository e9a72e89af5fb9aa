"""What was packed is unpacked, a bounded part of it at a time, and what is not whole is told."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest

from sigcheck.observation.unpacked import BROKEN, packed_form, unpacked

CONTENT = bytes(range(256)) * 50
PACKED = {"GZIP": gzip.compress(CONTENT), "ZLIB": zlib.compress(CONTENT)}


def read(packed, form):
    file = unpacked(io.BytesIO(packed), form)
    found = b""
    while part := file.read1(1000):
        assert len(part) <= 1000
        found += part
    return found


@pytest.mark.parametrize("form", PACKED)
def test_what_was_packed_comes_back(form):
    assert packed_form(PACKED[form]) == form
    assert read(PACKED[form], form) == CONTENT


@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize("window", [9, 12, 15])
def test_each_level_and_window_is_known_for_what_it_is(level, window):
    stream = zlib.compressobj(level, wbits=window)
    packed = stream.compress(CONTENT) + stream.flush()
    assert packed_form(packed) == "ZLIB"
    assert read(packed, "ZLIB") == CONTENT


def test_what_is_not_packed_is_not():
    stream = zlib.compressobj(zdict=b"abc")
    needs_a_dictionary = stream.compress(CONTENT) + stream.flush()
    for other in (b"", b"\x1f", b"\x78", b"\x78\x9d", b"\x88\x1c", b"plain", bytes(12), needs_a_dictionary):
        assert packed_form(other) == ""


@pytest.mark.parametrize("form", PACKED)
def test_what_ends_too_early_is_told_behind_all_before(form):
    for end in (2, 9, len(PACKED[form]) // 2, len(PACKED[form]) - 1):
        with pytest.raises(BROKEN):
            read(PACKED[form][:end], form)


def test_bytes_behind_the_end_are_told():
    for rest in (b"\0", PACKED["ZLIB"], bytes(1 << 18)):
        with pytest.raises(EOFError, match="behind its end"):
            read(PACKED["ZLIB"] + rest, "ZLIB")


def test_a_bomb_unpacks_no_more_than_is_asked_for():
    bomb = zlib.compress(bytes(1 << 26))
    file = unpacked(io.BytesIO(bomb), "ZLIB")
    assert file.read1(100) == bytes(100)
    assert file.raw._file.tell() <= 1 << 17
    assert len(file.raw._stream.unconsumed_tail) > len(bomb) // 2
