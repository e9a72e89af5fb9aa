"""Records are the same however much is read at a time, whole, cut anywhere, and with any byte changed."""

from __future__ import annotations

import gzip
import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.observation import framed
from sigcheck.observation.framed import blocks, records
from sigcheck.schema.errors import SourceError
from tests.observation.records import framed as framed_bytes

pytest.importorskip("google_crc32c")


NO_RECORD = (
    "no record, expected its length and the checksum of that, as TFRecordWriter writes them, plain, with GZIP or ZLIB. "
    "Copy the file again."
)


def one_by_one(content):
    """Each record by itself, and what is told of the first that is not whole: the format as it is written down."""
    at = index = 0
    found = []
    while at < len(content):
        head, where = content[at : at + 12], f"record {index}, byte {at}: "
        if len(head) < 12:
            return found, where + "cut short in its head."
        (length,) = struct.unpack("<Q", head[:8])
        if framed_bytes(head[:8])[20:] != head[8:]:
            return found, where + ("the checksum of its length is wrong." if index else NO_RECORD)
        if length > 1 << 30:
            return found, where + f"{length} bytes, expected an example."
        body = content[at + 12 : at + 12 + length + 4]
        if len(body) < length + 4:
            return found, where + f"cut short, {len(body)} of {length + 4} bytes."
        if framed_bytes(body[:-4])[-4:] != body[-4:]:
            return found, where + "its checksum is wrong."
        found.append(body[:-4])
        at += 12 + len(body)
        index += 1
    return found, ""


def read(content):
    found = []
    try:
        found.extend(records(io.BytesIO(content), "a"))
    except SourceError as error:
        return found, error.problem.removesuffix(f" {framed.COPY}")
    return found, ""


@pytest.fixture(params=[1, 7, 40, 1 << 21])
def at_a_time(request, monkeypatch):
    monkeypatch.setattr(framed, "_READ_BYTES", request.param)
    monkeypatch.setattr(framed, "_ROWS", request.param)


WHOLE = b"".join(map(framed_bytes, [b"", b"abc", b"\xff" * 70, b"", b"x"]))


@pytest.mark.usefixtures("at_a_time")
def test_it_may_end_anywhere():
    for end in range(len(WHOLE) + 1):
        assert read(WHOLE[:end]) == one_by_one(WHOLE[:end])


@pytest.mark.usefixtures("at_a_time")
def test_any_byte_may_be_another_one():
    for at in range(len(WHOLE)):
        other = bytearray(WHOLE)
        other[at] ^= 0x41
        assert read(bytes(other)) == one_by_one(bytes(other))


@pytest.mark.usefixtures("at_a_time")
@pytest.mark.parametrize("length", [5, 1 << 30, (1 << 30) + 1, 2**63, 2**64 - 1])
def test_what_is_announced_is_not_believed(length):
    content = WHOLE + framed_bytes(b"abcd", length) + WHOLE
    assert read(content) == one_by_one(content)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (1 << 27, "byte 19: cut short"),
        ((1 << 27) + 1, "byte 19: 134217729 bytes, expected at most 134217728 in a packed"),
    ],
)
def test_a_record_in_a_gzip_file_is_of_bounded_length(length, said):
    """A megabyte that unpacks to one record of a thousand took three gigabytes of memory."""
    found = []
    packed = gzip.compress(framed_bytes(b"abc") + framed_bytes(b"abcd", length))
    with pytest.raises(SourceError, match=said):
        found.extend(records(io.BytesIO(packed), "a"))
    assert found == [b"abc"]


@given(st.lists(st.binary(max_size=60), max_size=12), st.integers(1, 200), st.integers(1, 5))
@settings(deadline=None)
def test_blocks_follow_each_other(contents, size, rows):
    before = framed._READ_BYTES, framed._ROWS
    framed._READ_BYTES, framed._ROWS = size, rows
    try:
        found = list(blocks(io.BytesIO(b"".join(map(framed_bytes, contents))), "a"))
    finally:
        framed._READ_BYTES, framed._ROWS = before
    assert [one for block in found for one in block.spans.pieces()] == contents
    assert [block.first for block in found] == [sum(len(one.spans) for one in found[:at]) for at in range(len(found))]
    assert all(0 < len(block.spans) <= rows for block in found)


class Failing(io.BytesIO):
    """A file whose reading fails behind its bytes."""

    def read1(self, size=-1, /):
        part = super().read1(size)
        if not part:
            raise OSError("gone")
        return part


@pytest.mark.parametrize("rest", [b"", WHOLE[:5], framed_bytes(b"abc")[:14]])
def test_what_is_whole_is_given_before_a_reading_that_fails(rest):
    found = []
    with pytest.raises(OSError, match="gone"):
        found.extend(records(Failing(WHOLE + rest), "a"))
    assert found == one_by_one(WHOLE)[0]
