"""One picture: a row of shape [height, width, channel], as it is stored."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from sigcheck.observation.array_file import MOST_ROW_BYTES
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch, Column
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

NAME = "image"
SUFFIXES: tuple[str, ...] = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp")
HEEDS: tuple[str, ...] = ("name",)

_GRAY = 2
_OF_COLOURS = frozenset({"RGB", "RGBA", "LA"})
# How its decoders name what a file has: the mode, and the bits with their order.
_TWO_BYTES = ("16B", "16L", "16N")
_SHOWN_AS_RGB = frozenset({"P", "CMYK", "YCbCr", "HSV", "LAB"})


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The pixels; a palette as the colours that it stands for."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise SourceError(place, "a picture, which needs an extra: pip install 'sigcheck[observe]'.") from None
    try:
        with warnings.catch_warnings():
            # What Pillow warns of as a bomb is none to look at.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as picture:
                _require_size(picture.size, "RGB" if picture.mode in _SHOWN_AS_RGB else picture.mode, place)
                _require_depth(picture, place)
                shown = picture.convert("RGB") if picture.mode in _SHOWN_AS_RGB else picture
                pixels = np.asarray(shown)
    except UnidentifiedImageError:
        raise SourceError(place, "no picture of a known format. Leave it out.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise SourceError(place, f"no picture that can be decoded: {system_words(error)}. Leave it out.") from None
    yield Batch({asked.name: Column(pixels[None, ..., None] if pixels.ndim == _GRAY else pixels[None])}, 1)


def _require_depth(picture: Any, place: str) -> None:
    """Raises SourceError for colours of two bytes, of which Pillow gives the upper ones alone."""
    tile = getattr(picture, "tile", ())
    if picture.mode in _OF_COLOURS and any(str(one[3]).endswith(_TWO_BYTES) for one in tile):
        problem = f"{picture.mode} of 16 bits, of which only 8 can be read, expected 8 of each colour. Save it as .npy."
        raise SourceError(place, problem)


def _require_size(size: tuple[int, int], mode: str, place: str) -> None:
    """Raises SourceError for a picture that is more than a row may be."""
    from PIL import ImageMode

    told = ImageMode.getmode(mode)
    width, height = size
    if width * height * len(told.bands) * np.dtype(told.typestr).itemsize > MOST_ROW_BYTES:
        problem = (
            f"{width} times {height} pixels, expected at most {MOST_ROW_BYTES >> 20} MiB of them. Make it smaller."
        )
        raise SourceError(place, problem)
