from __future__ import annotations

import numpy as np
import pytest

from sigcheck.transforms.parts.png import write_png
from sigcheck.verification.comparison import find_difference

PIXELS, FILE = {"meaning": "pixels"}, {"meaning": "encoded_image"}
CASES = [
    ("uint8[?, 5, 4, 3]", "string[?]", {**PIXELS, "channel_order": "RGB", "range": [0, 255]}, FILE),
    ("uint8[5, 7, 1]", "string[]", PIXELS, FILE),
    ("uint8[2, 5, 3, 4]", "string[2]", {**PIXELS, "axes": ["batch", "height", "width", "channel"]}, FILE),
]


@pytest.mark.parametrize(
    ("spec", "given", "wants"),
    [
        ("uint8[?, 5, 4, 3]", {}, FILE),
        ("uint8[?, 5, 4, 3]", PIXELS, {}),
        ("uint8[?, 5, 4, 2]", PIXELS, FILE),
        ("uint8[?, 5, 4, ?]", PIXELS, FILE),
        ("uint8[?, ?, 4, 3]", PIXELS, FILE),
        ("uint8[?, 0, 4, 3]", PIXELS, FILE),
        ("float32[?, 5, 4, 3]", PIXELS, FILE),
        ("uint8[?, 5, 4, 3]", {**PIXELS, "channel_order": "BGR"}, FILE),
        ("uint8[?, 5, 4, 3]", {**PIXELS, "range": [0, 1]}, FILE),
        ("uint8[?, 3, 4, 3]", {**PIXELS, "axes": ["batch", "channel", "height", "width"]}, FILE),
    ],
)
def test_what_is_no_picture_of_known_colours_is_left_alone(propose, spec, given, wants):
    assert propose("encode_image", spec, "string[?]", given, wants) == []


def test_the_order_of_colours_that_nobody_says_is_assumed(propose):
    (step,) = propose("encode_image", "uint8[?, 5, 4, 3]", "string[?]", PIXELS, FILE)
    assert step.assumption == "the channels are in the order RGB"


def test_files_of_the_same_pixels_are_equal_however_they_are_packed():
    import struct
    import zlib

    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    file = write_png(pixels)
    again = zlib.compress(zlib.decompress(file[41:-16]), 9)
    packed = struct.pack(">I", len(again)) + b"IDAT" + again + struct.pack(">I", zlib.crc32(b"IDAT" + again))
    other = file[:33] + packed + file[-12:]
    one, same, changed = (np.asarray([each], object) for each in (file, other, write_png(pixels + 1)))
    assert file != other
    assert find_difference(one, same) is None
    assert find_difference(one, changed) is not None
    assert find_difference(one, np.asarray([b"x"], object)) is not None
