"""What JAX knows of arrays before there are any: shapes, which may have symbols, and dtypes."""

from __future__ import annotations

from typing import Any

from sigcheck.readers.live.parts.specs import Leaf, name_leaf
from sigcheck.readers.live.parts.symbolic import symbolic_endpoint
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.signature import Endpoint, Note


def avals_of(leaves: list[Leaf], prefix: str) -> tuple[Endpoint, ...]:
    """The endpoints of arrays of which JAX knows shape and dtype, named as `name_leaf` says."""
    names = distinct_names(name_leaf(leaf, prefix, index) for index, leaf in enumerate(leaves))
    return tuple(
        symbolic_endpoint(name, _dtype(leaf.type_spec), leaf.type_spec.shape)
        for name, leaf in zip(names, leaves, strict=True)
    )


def dtype_notes(leaves: list[Leaf], ends: tuple[Endpoint, ...]) -> tuple[Note, ...]:
    """A note on each dtype that TensorFlow has not, as that of a random key."""
    return tuple(
        Note(place=end.name, message=f"dtype {_dtype(leaf.type_spec)[:40]!r} is none that TensorFlow has")
        for leaf, end in zip(leaves, ends, strict=True)
        if end.spec.dtype is None
    )


def _dtype(aval: Any) -> str:
    return str(getattr(aval.dtype, "name", aval.dtype))
