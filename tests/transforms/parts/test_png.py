from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from sigcheck.transforms.parts.png import UnreadPngError, read_png, write_png

PIXELS = np.arange(30, dtype=np.uint8).reshape(2, 5, 3)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_what_is_written_is_read_again(count):
    pixels = np.arange(2 * 5 * count, dtype=np.uint8).reshape(2, 5, count)
    np.testing.assert_array_equal(read_png(write_png(pixels)), pixels)


@pytest.mark.parametrize("cut", [0, 7, 12, 20, 33, 45, 60])
def test_a_file_that_ends_early_is_refused(cut):
    with pytest.raises(UnreadPngError):
        read_png(write_png(PIXELS)[:cut])


@pytest.mark.parametrize(("at", "value"), [(24, 16), (25, 3), (28, 1), (16, 0xFF)])
def test_other_kinds_and_huge_sizes_are_not_read(at, value):
    file = bytearray(write_png(PIXELS))
    file[at] = value
    with pytest.raises(UnreadPngError):
        read_png(bytes(file))


def filtered(pixels, kinds):
    """A PNG whose rows have these filters, written by the formulas of section 9.2 on whole numbers."""
    height, width, count = pixels.shape
    padded = np.zeros((height + 1, width + 1, count), int)
    padded[1:, 1:] = pixels
    here, left, over, corner = padded[1:, 1:], padded[1:, :-1], padded[:-1, 1:], padded[:-1, :-1]
    guess = left + over - corner
    far_left, far_over, far_corner = (abs(guess - one) for one in (left, over, corner))
    is_left = (far_left <= far_over) & (far_left <= far_corner)
    paeth = np.where(is_left, left, np.where(far_over <= far_corner, over, corner))
    foretold = (np.zeros_like(here), left, over, (left + over) // 2, paeth)
    rows = b"".join(
        bytes([kind]) + ((here - foretold[kind])[row] % 256).astype(np.uint8).tobytes()
        for row, kind in enumerate(kinds)
    )
    header, _, end = write_png(pixels).partition(b"IDAT")
    data = b"IDAT" + zlib.compress(rows)
    return header[:-4] + struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data)) + end[-12:]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_each_filter_is_taken_off(count):
    pixels = np.random.default_rng(count).integers(0, 256, (7, 5, count)).astype(np.uint8)
    kinds = [4, 0, 1, 2, 3, 4, 4]
    np.testing.assert_array_equal(read_png(filtered(pixels, kinds)), pixels)
    for kind in range(5):
        np.testing.assert_array_equal(read_png(filtered(pixels, [kind] * 7)), pixels)


def test_an_unknown_filter_is_refused():
    header, _, end = write_png(PIXELS).partition(b"IDAT")
    data = b"IDAT" + zlib.compress(bytes([5]) + bytes(15) + bytes(16))
    file = header[:-4] + struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data)) + end[-12:]
    with pytest.raises(UnreadPngError, match="filter"):
        read_png(file)


@pytest.mark.tensorflow
@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("compression", [-1, 0, 9])
def test_what_tensorflow_writes_is_read_and_what_is_filtered_here_it_reads_alike(count, compression):
    import tensorflow as tf

    random = np.random.default_rng(count)
    smooth = (np.add.outer(np.arange(31) * 3, np.arange(23) * 5)[..., None] + np.arange(count) * 40) % 256
    for pixels in (smooth.astype(np.uint8), random.integers(0, 256, (31, 23, count)).astype(np.uint8)):
        file = tf.io.encode_png(pixels, compression=compression).numpy()
        np.testing.assert_array_equal(read_png(file), pixels)
        kinds = random.integers(0, 5, 31).tolist()
        np.testing.assert_array_equal(tf.io.decode_png(filtered(pixels, kinds)).numpy(), pixels)
