"""An array that `numpy.save` wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from sigcheck.observation.array_file import columns
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch

NAME = "npy"
SUFFIXES: tuple[str, ...] = (".npy",)
HEEDS: tuple[str, ...] = ("name",)
IS_COPIED = True


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The rows of the array."""
    for column in columns(file, place):
        yield Batch({asked.name: column}, column.rows)
