"""Array file: the header of an array that NumPy saved, and its rows, read by blocks."""

from __future__ import annotations

import math
import sys
import tokenize
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from sigcheck.observation.column import Array, Column
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import SourceError

# Bytes that are read at a time.
_BLOCK_BYTES = 1 << 24
# As many as arrays of NumPy 1 may have.
_MOST_AXES = 32
_LONGEST_SHAPE = 100
# A row is held whole.
MOST_ROW_BYTES = 1 << 28
_READERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
_TEXT_KINDS = frozenset("SU")
_SAVE = "Save it with numpy.save."


def columns(file: BinaryIO, place: str) -> Iterator[Column]:
    """The rows of an array, its first axis, from the begin of a file on. A scalar is one row.

    Raises SourceError for what is no array of numbers or texts, and, behind the rows that are whole, where the
    file ends too early.
    """
    shape, is_fortran, dtype = _header(file, place)
    _require_rows(shape, dtype, place)
    if is_fortran and len(shape) > 1:
        problem = "columns first (Fortran order), expected rows first. Save numpy.ascontiguousarray of it."
        raise SourceError(place, problem)
    rows, tail = (shape[0], shape[1:]) if shape else (1, ())
    size = dtype.itemsize * math.prod(tail)
    # Rows of no bytes are one block, however many there are.
    step = max(1, _BLOCK_BYTES // size) if size else max(1, rows)
    for start in range(0, rows, step):
        count = min(step, rows - start)
        block = file.read(count * size)
        whole = len(block) // size if size else count
        values = np.ndarray((whole, *tail), dtype, block[: whole * size])
        if whole:
            yield Column(_bytes_of(values, place) if dtype.kind in _TEXT_KINDS else _native(values))
        if whole < count:
            problem = f"ends within row {start + whole} of {rows}. What stands before was read: copy the file again."
            raise SourceError(place, problem)


def _require_rows(shape: tuple[int, ...], dtype: np.dtype[Any], place: str) -> None:
    """Raises SourceError for what no tensor is, and for a row that nobody can hold."""
    if dtype.hasobject:
        problem = "Python objects, expected numbers or texts. They are never unpickled: save arrays of one dtype."
        raise SourceError(place, problem)
    if not dtype.itemsize or (dtype.kind not in _TEXT_KINDS and dtype.name not in DTYPES):
        raise SourceError(place, f"{dtype}, expected a dtype that TensorFlow has. Convert the array.")
    size = dtype.itemsize * math.prod(shape[1:])
    # NumPy leaves out the axes of size zero, too.
    if dtype.itemsize * math.prod(max(1, one) for one in shape) > sys.maxsize:
        raise SourceError(place, f"an array of shape {_told(shape)}, which nobody can hold. {_SAVE}")
    if len(shape) > _MOST_AXES or any(one < 0 for one in shape) or size > MOST_ROW_BYTES:
        told = f"an array of {len(shape)} axes, {size} bytes a row"
        problem = f"{told}, expected at most {_MOST_AXES} axes and {MOST_ROW_BYTES >> 20} MiB. Split it."
        raise SourceError(place, problem)


def _told(shape: tuple[int, ...]) -> str:
    text = str(shape)
    return text if len(text) <= _LONGEST_SHAPE else f"{text[:_LONGEST_SHAPE]}..."


def _header(file: BinaryIO, place: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = np.lib.format.read_magic(file)
        if version not in _READERS:
            raise SourceError(place, f"version {version[0]}.{version[1]} of .npy, expected 1.0 or 2.0. {_SAVE}")
        found: tuple[tuple[int, ...], bool, np.dtype[Any]] = _READERS[version](file)
    except (ValueError, TypeError, EOFError, OverflowError, SyntaxError, RecursionError, tokenize.TokenError):
        raise SourceError(place, f"no header of an array, expected an .npy file. {_SAVE}") from None
    return found


def _native(values: Array) -> Array:
    return values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))


def _bytes_of(values: Array, place: str) -> Array:
    """The texts as bytes, in an array of objects of the same shape."""
    if values.dtype.kind == "U":
        codes = np.ndarray((values.size * values.dtype.itemsize // 4,), f"{values.dtype.byteorder}u4", values.tobytes())
        if codes.size and codes.max() > sys.maxunicode:
            raise SourceError(place, f"a text with the character {codes.max()}, which there is not. {_SAVE}")
        values = np.char.encode(values, "utf-8", "surrogatepass")
    texts = np.empty(values.shape, object)
    texts[...] = values.astype(object)
    return texts
