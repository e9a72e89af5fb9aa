"""Raw numbers: strings of which each holds the bytes of numbers, one after the other, as `tf.io.decode_raw` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sigcheck.schema.meaning import RAW
from sigcheck.transforms.parts.array import Array, numpy_dtype

if TYPE_CHECKING:
    import numpy as np

_PREFIX, _BIG = "raw_", "_be"


class UnreadRawError(Exception):
    """Bytes that are no whole count of numbers."""


def raw_dtype(meaning: str | None) -> str | None:
    """The dtype of the numbers that strings of a meaning hold; None of any other meaning.

    >>> raw_dtype("raw_int16_be"), raw_dtype("wav")
    ('int16', None)
    """
    if meaning not in RAW:
        return None
    return meaning.removeprefix(_PREFIX).removesuffix(_BIG)


def is_little_endian(meaning: str) -> bool:
    """Whether the least of the bytes of a number stands first; of one byte it is so."""
    return not meaning.endswith(_BIG)


def write_raw(numbers: Array, meaning: str) -> bytes:
    """The bytes of numbers, in their order."""
    return numbers.astype(_stored(meaning)).tobytes()


def read_raw(data: bytes, meaning: str) -> Array:
    """The numbers of bytes, [count]. Raises UnreadRawError where the last is not whole."""
    import numpy as np

    stored = _stored(meaning)
    if len(data) % stored.itemsize:
        raise UnreadRawError(f"{len(data)} bytes, of numbers of {stored.itemsize}")
    numbers: Array = np.frombuffer(data, stored).astype(stored.newbyteorder("="))
    return numbers


def _stored(meaning: str) -> np.dtype[Any]:
    import numpy as np

    dtype: np.dtype[Any] = np.dtype(numpy_dtype(raw_dtype(meaning) or "uint8"))
    return dtype.newbyteorder("<" if is_little_endian(meaning) else ">")
