from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.meaning import RAW
from sigcheck.transforms.parts.raw import UnreadRawError, raw_dtype, read_raw, write_raw

CASES = [
    *(("string[?]", "float32[?, 3]", {"meaning": meaning}, {}) for meaning in sorted(RAW)),
    ("string[?]", "int16[?, ?]", {"meaning": "raw_int16_be"}, {}),
    ("string[]", "uint8[?]", {"meaning": "raw_uint8"}, {}),
    ("string[]", "uint8[4]", {"meaning": "raw_uint8"}, {}),
    # Of a known shape TensorFlow leaves out a reshape that strings without bytes would fail.
    ("string[2]", "int16[2, 2]", {"meaning": "raw_int16"}, {}),
    ("string[?, 1]", "float64[?, 1, ?]", {"meaning": "raw_float64"}, {}),
    ("string[?]", "uint8[?, 2, 2, 3]", {"meaning": "raw_uint8", "axes": ["batch"]}, {}),
]


@pytest.mark.parametrize(
    ("given", "required"),
    [
        ({}, "float32[?, 3]"),
        ({"meaning": "bytes"}, "float32[?, 3]"),
        ({"meaning": "raw_int16"}, "string[?, 3]"),
        ({"meaning": "raw_int16"}, "float32[?]"),
        ({"meaning": "raw_int16"}, "float32[?, ?, 3]"),
        ({"meaning": "raw_int16"}, "float32[?, 0]"),
    ],
)
def test_what_nobody_says_how_to_read_is_left_alone(propose, given, required):
    assert propose("decode_raw", "string[?]", required, given, {}) == []


def test_the_numbers_of_a_shape_are_counted_and_the_guard_says_so(propose):
    (step,) = propose("decode_raw", "string[?]", "float32[?, 28, 28]", {"meaning": "raw_uint8"}, {})
    assert str(step.result) == "uint8[?, 784]"
    assert step.guard == "every string is the bytes of 784 uint8"


@pytest.mark.parametrize("meaning", sorted(RAW))
def test_what_is_written_is_read_again(meaning):
    numbers = np.arange(7).astype(raw_dtype(meaning))
    np.testing.assert_array_equal(read_raw(write_raw(numbers, meaning), meaning), numbers)
    if numbers.itemsize > 1:
        with pytest.raises(UnreadRawError):
            read_raw(b"a", meaning)


def test_the_order_of_bytes_is_that_of_the_word():
    assert read_raw(b"\x01\x02", "raw_int16").tolist() == [0x0201]
    assert read_raw(b"\x01\x02", "raw_int16_be").tolist() == [0x0102]
