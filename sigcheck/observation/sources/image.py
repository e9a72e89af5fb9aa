"""One picture: a row of shape [height, width, channel], as it is stored."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from sigcheck.observation.column import Batch, Column
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

NAME = "image"
SUFFIXES: tuple[str, ...] = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp")

_GRAY = 2


def batches(file: BinaryIO, place: str, name: str) -> Iterator[Batch]:
    """The pixels; a palette as the colours that it stands for."""
    try:
        from PIL import Image
    except ImportError:
        raise SourceError(place, "a picture, which needs an extra: pip install 'sigcheck[observe]'.") from None
    try:
        with warnings.catch_warnings():
            # What Pillow warns of as a bomb is none to look at.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as picture:
                shown = picture.convert("RGB") if picture.mode in {"P", "CMYK", "YCbCr", "HSV", "LAB"} else picture
                pixels = np.asarray(shown)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise SourceError(place, f"no picture that can be decoded: {system_words(error)}. Leave it out.") from None
    yield Batch({name: Column(pixels[None, ..., None] if pixels.ndim == _GRAY else pixels[None])}, 1)
