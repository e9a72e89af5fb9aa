"""Functions that JAX exported: a `jax.export.Exported`, by the shapes and dtypes of its arguments and results.

What a function is called with by position has no name: such arguments are args_0, args_1, and entries of a dict
have their keys.
"""

from __future__ import annotations

import sys
from typing import Any

from sigcheck.readers.live.parts.jax_arrays import model_of
from sigcheck.readers.live.parts.specs import Leaf
from sigcheck.schema.signature import Model

NAME = "jax_export"
ORDER = 47
ACCEPTS = "a jax.export.Exported"


def recognizes(value: object) -> bool:
    """Whether it is what `jax.export.export(f)(...)` gives."""
    kind = getattr(sys.modules.get("jax.export"), "Exported", None)
    return isinstance(kind, type) and isinstance(value, kind)


def read(value: object) -> Model:
    """The signature under the key `default`."""
    exported: Any = value
    taken, given = _leaves(exported.in_tree, exported.in_avals), _leaves(exported.out_tree, exported.out_avals)
    return model_of(str(exported.fun_name), NAME, taken, given)


def _leaves(tree: Any, avals: Any) -> list[Leaf]:
    """The arrays with the keys and positions that lead to them, in JAX's order."""
    trees = sys.modules["jax"].tree_util
    found, _ = trees.tree_flatten_with_path(trees.tree_unflatten(tree, avals))
    return [Leaf(tuple(map(_step, path)), aval) for path, aval in found]


def _step(key: Any) -> str | int:
    """A step of a path: the key of a dict, the name of an attribute, or a position."""
    step = getattr(key, "key", getattr(key, "name", getattr(key, "idx", None)))
    return step if isinstance(step, str | int) else str(key)
