"""Specs of JAX: `jax.ShapeDtypeStruct`s, or nested dicts and lists of these: the same endpoints on both sides."""

from __future__ import annotations

import sys
from typing import Any

from sigcheck.readers.live.parts.specs import Leaf, find_leaves, name_leaf
from sigcheck.readers.live.parts.symbolic import symbolic_endpoint
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Note, Signature

NAME = "jax_spec"
ORDER = 46
ACCEPTS = "jax.ShapeDtypeStructs"


def recognizes(value: object) -> bool:
    """Whether all leaves of the structure are such, and there is one."""
    kind = getattr(sys.modules.get("jax"), "ShapeDtypeStruct", None)
    if not isinstance(kind, type):
        return False
    try:
        leaves = list(find_leaves(value))
    except ValueError:
        return False
    return bool(leaves) and all(isinstance(leaf.type_spec, kind) for leaf in leaves)


def read(value: object) -> Model:
    """One signature under the key `default` with the same endpoints on both sides."""
    leaves = list(find_leaves(value))
    taken, given = avals_of(leaves, "args"), avals_of(leaves, "output")
    signature = Signature(key=DEFAULT_KEY, inputs=taken, outputs=given)
    return Model(source=type(value).__name__, reader=NAME, signatures=(signature,), notes=dtype_notes(leaves, given))


def avals_of(leaves: list[Leaf], prefix: str) -> tuple[Endpoint, ...]:
    """The endpoints of what JAX knows of arrays: a shape, which may have symbols, and a dtype."""
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
