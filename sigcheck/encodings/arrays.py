"""The arrays of a NumPy archive (`.npz`), within bounds: nothing is unpickled, and no header believed on its own.

The layout is that of https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from sigcheck.encodings.archive import METHODS, open_archive
from sigcheck.encodings.content import Content
from sigcheck.schema.budget import spend
from sigcheck.schema.printable import shortened

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
else:
    Array = Any

_SUFFIX = ".npy"
_MAGIC = b"\x93NUMPY"
# Numbers and texts: no objects, which are pickled, no dates and no structures, which no tensor has.
_KINDS = frozenset("biufcSUV")
# Arrays of one archive: each is of an output or input, and a ragged one of a few. One takes some 60 microseconds.
MOST_ARRAYS = 1_000
_STEPS_OF_ARRAY, _BYTES_OF_STEP = 60, 400
_PORTION = 1 << 20


def read_arrays(content: Content, most_bytes: int, most_values: int) -> Mapping[str, Array]:
    """The arrays by the names of the members, without `.npy`.

    Raises ValueError where there is no archive, where it has more than so many bytes or values of arrays, and where
    a member is no array of numbers or texts.
    """
    import zipfile
    import zlib

    try:
        with open_archive(content) as archive:
            members = archive.infolist()
            if len(members) > MOST_ARRAYS:
                raise ValueError(f"{len(members)} arrays, at most {MOST_ARRAYS} are read")
            size = sum(member.file_size for member in members)
            if size > most_bytes:
                raise ValueError(f"{size} bytes of arrays, at most {most_bytes} are read")
            return _read_all(archive, members, most_values)
    except zipfile.BadZipFile:
        raise ValueError("cut off, or not a zip archive") from None
    except (zlib.error, EOFError, OSError):
        raise ValueError("its compressed data is broken") from None
    except (NotImplementedError, RuntimeError) as error:
        raise ValueError(f"it is packed as numpy.savez does not: {shortened(str(error))}") from None


def _read_all(archive: ZipFile, members: list[ZipInfo], most_values: int) -> Mapping[str, Array]:
    arrays: dict[str, Array] = {}
    left = most_values
    for member in members:
        name = member.filename.removesuffix(_SUFFIX)
        if member.compress_type not in METHODS:
            raise ValueError(f"{shortened(repr(name))} is compressed in a way that numpy.savez does not")
        spend(_STEPS_OF_ARRAY + member.file_size // _BYTES_OF_STEP)
        with archive.open(member) as file:
            arrays[name] = _read_array(file, shortened(repr(name)), member.file_size, left)
        left -= arrays[name].size
    return arrays


def _read_array(file: IO[bytes], place: str, size: int, most_values: int) -> Array:
    import numpy as np

    shape, is_reversed, dtype = _read_header(file, place)
    if dtype.kind not in _KINDS or dtype.names is not None or dtype.subdtype is not None:
        raise ValueError(f"{place} is of dtype {shortened(str(dtype))}, expected numbers or texts")
    count = prod(shape)
    if min(shape, default=0) < 0 or count * dtype.itemsize != size - file.tell():
        raise ValueError(f"the header of {place} announces other bytes than there are")
    if count > most_values:
        raise ValueError(f"over {most_values} values at {place}, which are too many to look at")
    bytes_of_it = np.zeros(count * dtype.itemsize, np.uint8)
    at = 0
    # In portions: what is left of a text is read as one text, which would be there twice.
    while at < len(bytes_of_it):
        part = file.read(min(_PORTION, len(bytes_of_it) - at))
        if not part:
            raise ValueError(f"{place} is cut off")
        bytes_of_it[at : at + len(part)] = np.frombuffer(part, np.uint8)
        at += len(part)
    array = bytes_of_it.view(dtype) if len(bytes_of_it) else np.zeros(count, dtype)
    return array.reshape(shape[::-1]).transpose() if is_reversed else array.reshape(shape)


def _read_header(file: IO[bytes], place: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """The shape, whether it is in the order of Fortran, and the dtype."""
    import tokenize
    import warnings

    from numpy.lib import format as npy

    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError(f"{place} is no array")
    # Versions from 3 on are for names of fields.
    reader = {b"\1\0": npy.read_array_header_1_0, b"\2\0": npy.read_array_header_2_0}.get(file.read(2))
    if reader is None:
        raise ValueError(f"{place} is of a version of the format in which numpy.savez writes no tensor")
    # What NumPy's reading of a header raises: it is an expression of Python, parsed as such.
    broken = (ValueError, TypeError, SyntaxError, tokenize.TokenError, LookupError, AttributeError, ArithmeticError)
    try:
        with warnings.catch_warnings():
            # Of headers that Python 2 wrote, which are read all the same.
            warnings.simplefilter("ignore")
            shape, is_reversed, dtype = reader(file)
    # Its words show objects of its parser.
    except (*broken, MemoryError, RecursionError):
        raise ValueError(f"the header of {place} is broken") from None
    return shape, is_reversed, dtype
