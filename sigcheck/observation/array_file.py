"""Array file: the header of an array that NumPy saved, and its rows, read by blocks."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from sigcheck.observation.column import Array, Column
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import SourceError

# Bytes that are read at a time.
_BLOCK_BYTES = 1 << 24
_READERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
_TEXT_KINDS = frozenset("SU")
_SAVE = "Save it with numpy.save."


def columns(file: BinaryIO, place: str) -> Iterator[Column]:
    """The rows of an array, its first axis, from the begin of a file on. A scalar is one row.

    Raises SourceError for what is no array of numbers or texts, and, behind the rows that are whole, where the
    file ends too early.
    """
    shape, is_fortran, dtype = _header(file, place)
    if dtype.hasobject:
        problem = "Python objects, expected numbers or texts. They are never unpickled: save arrays of one dtype."
        raise SourceError(place, problem)
    if dtype.kind not in _TEXT_KINDS and dtype.name not in DTYPES:
        raise SourceError(place, f"{dtype}, expected a dtype that TensorFlow has. Convert the array.")
    if is_fortran and len(shape) > 1:
        problem = "columns first (Fortran order), expected rows first. Save numpy.ascontiguousarray of it."
        raise SourceError(place, problem)
    rows, tail = (shape[0], shape[1:]) if shape else (1, ())
    size = dtype.itemsize * int(np.prod(tail, dtype=object))
    step = max(1, _BLOCK_BYTES // max(1, size))
    for start in range(0, rows, step):
        count = min(step, rows - start)
        block = file.read(count * size)
        whole = len(block) // size if size else count
        values = np.frombuffer(block[: whole * size], dtype).reshape(whole, *tail)
        if whole:
            yield Column(_bytes_of(values) if dtype.kind in _TEXT_KINDS else _native(values))
        if whole < count:
            problem = f"ends within row {start + whole} of {rows}. What stands before was read: copy the file again."
            raise SourceError(place, problem)


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


def _bytes_of(values: Array) -> Array:
    texts = np.empty(values.shape, object)
    encoded = values if values.dtype.kind == "S" else np.char.encode(values, "utf-8", "surrogatepass")
    texts[...] = encoded.astype(object)
    return texts
