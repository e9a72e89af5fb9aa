"""Junctions: one way per file in which several outputs make one tensor, or one output several.

Each is a module of the shape of `junction.JunctionKind`, with the same three accounts of one
meaning as a transform: the spec it declares, the TensorFlow code it emits, a NumPy reference.
What they share stands in `parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sigcheck.schema.catalog import Catalog

if TYPE_CHECKING:
    from sigcheck.junctions.parts.junction import JunctionKind

JUNCTIONS: Catalog[JunctionKind] = Catalog(__name__)
