"""Effort: how many bytes a step moves, the last part of its cost that concerns work."""

from __future__ import annotations

from functools import lru_cache
from math import prod

from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# What an unknown size counts for: a common batch size. Only the order of plans depends on it.
NOMINAL_SIZE = 32

# Sizes may be as large as 2**63 - 1; a sum of such products orders nothing that matters.
MOST_BYTES = 1 << 60


def bytes_of(spec: TensorSpec) -> int:
    """Bytes of one tensor of this spec, unknown sizes taken as `NOMINAL_SIZE`.

    >>> from sigcheck.schema.notation import parse_spec
    >>> bytes_of(parse_spec("float32[?, 10]"))
    1280
    """
    return _bytes_of(spec.shape, spec.dtype)


@lru_cache(maxsize=MOST_REMEMBERED)
def _bytes_of(shape: Shape | None, dtype: str | None) -> int:
    sizes = (NOMINAL_SIZE if size is None else size for size in ((None,) if shape is None else shape))
    return min(MOST_BYTES, prod(sizes) * (DTYPES[dtype].bytes if dtype else 1))


def bytes_moved(spec: TensorSpec, result: TensorSpec) -> int:
    """Bytes read and written by a step that touches every value once."""
    return bytes_of(spec) + bytes_of(result)
