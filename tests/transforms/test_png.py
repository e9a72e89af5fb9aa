from __future__ import annotations

import numpy as np
import pytest

from sigcheck.transforms.png import UnreadPngError, read_png, write_png

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
