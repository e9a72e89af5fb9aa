"""Specs of JAX: `jax.ShapeDtypeStruct`s, or nested dicts and lists of these: the same endpoints on both sides."""

from __future__ import annotations

import sys

from sigcheck.readers.live.parts.jax_arrays import model_of
from sigcheck.readers.live.parts.specs import find_leaves
from sigcheck.schema.signature import Model

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
    return model_of(type(value).__name__, NAME, leaves, leaves)
