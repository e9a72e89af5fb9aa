"""Transforms: one kind of edge per file.

Each is a module of the shape of `parts.transform.Transform`. It carries three accounts of one
meaning, which are tested against each other: the spec it declares, the TensorFlow code it
emits, and an independent NumPy reference. What they share stands in `parts`.
"""

from __future__ import annotations

from sigcheck.schema.catalog import Catalog
from sigcheck.transforms.parts.transform import Transform

# In the order in which steps of one cost are proposed.
BY_NAME: dict[str, Transform] = {one.NAME: one for one in Catalog[Transform](__name__).in_order()}
CATALOG: tuple[Transform, ...] = tuple(BY_NAME.values())
# Those that a policy has to allow by name.
BY_PERMISSION: tuple[str, ...] = tuple(name for name, one in BY_NAME.items() if getattr(one, "BY_PERMISSION", False))
# Those that let one entry of an axis stand for all of it.
REDUCING: tuple[str, ...] = tuple(name for name, one in BY_NAME.items() if getattr(one, "REDUCES", False))
