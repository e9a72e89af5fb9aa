"""Junctions: one way per file in which several outputs make one tensor, or one output several.

Each is a module of the shape of `junction.JunctionKind`, with the same three accounts of one
meaning as a transform: the spec it declares, the TensorFlow code it emits, a NumPy reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sigcheck.schema.catalog import Catalog

if TYPE_CHECKING:
    from sigcheck.junctions import concat, ragged_by_lengths, split, stack, unstack
    from sigcheck.junctions.junction import JunctionKind

    # What the catalog holds, for the type checker: each module is of the shape that it promises.
    _ALL: tuple[JunctionKind, ...] = (concat, stack, ragged_by_lengths, split, unstack)

JUNCTIONS: Catalog[JunctionKind] = Catalog(__name__, "concat", "stack", "ragged_by_lengths", "split", "unstack")
