"""Symbolic sizes: those that JAX and PyTorch leave open, and call by a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sigcheck.schema.constraint import NamedSizes
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec


def symbolic_endpoint(name: str, dtype: str, sizes: Iterable[Any]) -> Endpoint:
    """A tensor of these sizes: whole numbers, or symbols, of which those that are a plain name are kept."""
    named: NamedSizes = tuple(_size(size) for size in sizes)
    shape = tuple(size if isinstance(size, int) else None for size in named)
    spec = TensorSpec(dtype=dtype if dtype in DTYPES else None, shape=shape)
    return Endpoint(name=name, spec=spec, sizes=named if any(isinstance(size, str) for size in named) else None)


def _size(size: Any) -> int | str | None:
    if isinstance(size, int) and not isinstance(size, bool):
        return size
    text = str(size)
    # What else is said of a size is an expression in words of its own.
    return text if text.isascii() and text.isidentifier() else None
