"""The wire format: numbers, lengths, groups, and where it ends too early."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.encodings import wire
from sigcheck.encodings.message import decode
from sigcheck.encodings.wire import MAX_DEPTH, Span, read_varint, scan, signed, spans, zigzag
from tests.readers.written_models import encode, length_field, shape, varint


@given(st.integers(-(2**63), 2**63 - 1))
def test_numbers(number: int) -> None:
    data = varint(number)
    assert read_varint(b"?" + data, 1) == (number % 2**64, 1 + len(data))
    assert signed(number % 2**64) == number
    assert zigzag((number << 1 ^ number >> 63) % 2**64) == number
    assert wire.varint(number) == data


def test_what_is_written_is_read_field_by_field() -> None:
    written = wire.varint_field(3, -1) + wire.length_field(200, b"abc") + b"\x0d\0\0\x80?" + wire.length_field(1, b"")
    assert list(wire.small_fields(written)) == [(3, 2**64 - 1), (200, b"abc"), (1, b"\0\0\x80?"), (1, b"")]
    assert length_field(200, b"abc") == wire.length_field(200, b"abc")
    for broken in (written[:-1], b"\x00\x01", b"\x0b\x0c"):
        with pytest.raises(ValueError, match=r"cut short|end|no field|a group"):
            list(wire.small_fields(broken))


@given(st.lists(st.integers(-1, 2**63 - 1), max_size=8))
def test_shapes_survive(sizes: list[int]) -> None:
    written = shape(*sizes)
    decoded = decode("TensorShapeProto", encode("TensorShapeProto", written))
    assert decoded.get("dim", []) == written["dim"]


@given(st.binary(max_size=200))
def test_any_bytes_scan_to_fields_or_a_value_error(data: bytes) -> None:
    try:
        fields = list(scan(data))
    except ValueError:
        return
    assert all(field.value.end <= len(data) for field in fields if isinstance(field.value, Span))


def fields_with_length(scanned, *arguments):
    """What is found; None of what is no message."""
    try:
        found = [*scanned(*arguments)]
    except ValueError:
        return None
    return [(number, value) for number, value in found if isinstance(value, Span)]


FIELDS = st.lists(
    st.builds(wire.length_field, st.integers(0, 20), st.sampled_from([b"", b"a", b"a" * 128, b"a" * 2**14]))
    | st.builds(wire.varint_field, st.integers(0, 20), st.integers(0, 2**63))
    | st.sampled_from([b"\x0a" + b"\x80" * 9 + b"\0", b"\x0a" + b"\x80" * 10 + b"\0", b"\x0b\x0c", b"\x12", b"\0"]),
    max_size=5,
)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=40) | FIELDS.map(b"".join), st.binary(max_size=3))
def test_spans_are_those_of_a_scan(data: bytes, behind: bytes) -> None:
    """Of a message that may be a part of another, too."""
    arguments = (data + behind, 0, len(data))
    assert fields_with_length(spans, *arguments) == fields_with_length(scan, *arguments)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x80" * 12, "a number without an end"),
        (b"\x0a\x05abc", "cut short: 5 bytes announced at byte 2, 3 there"),
        (b"\x09abc", "cut short at byte 0"),
        (b"\x00\x01", "no field at byte 0"),
        (b"\x0f", "no field at byte 0"),
        (b"\x0c", "no field at byte 0"),
        (b"\x0b\x08\x01", "a number without an end"),
        (b"\x0b" * (MAX_DEPTH + 2), "groups nested more than 100 deep"),
    ],
)
def test_what_is_no_message(data: bytes, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        list(scan(data))


def test_scanning_reads_headers_alone() -> None:
    class Counted(bytes):
        read = 0

        def __getitem__(self, part: slice) -> bytes:  # type: ignore[override]  # slices are all that is asked for
            Counted.read += part.stop - part.start
            return super().__getitem__(part)

    data = Counted(length_field(1, b"x" * 10_000_000) + length_field(2, b"y"))
    assert [field.number for field in scan(data)] == [1, 2]
    assert Counted.read < 100
