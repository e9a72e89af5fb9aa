"""Effort: how many bytes a step moves, the last part of its cost that concerns work."""

from __future__ import annotations

from math import prod

from sigcheck.schema.dtype import DTYPES
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
    shape = (None,) if spec.shape is None else spec.shape
    sizes = (NOMINAL_SIZE if size is None else size for size in shape)
    return min(MOST_BYTES, prod(sizes) * (DTYPES[spec.dtype].bytes if spec.dtype else 1))


def bytes_moved(spec: TensorSpec, result: TensorSpec) -> int:
    """Bytes read and written by a step that touches every value once."""
    return bytes_of(spec) + bytes_of(result)
