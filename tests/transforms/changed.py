"""The coordinates that a step changes, against which what it says of itself is held."""

from __future__ import annotations

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.coordinates import READINGS, Coordinates


def changed(spec: TensorSpec, result: TensorSpec) -> Coordinates:
    """The coordinates in which two specs differ, whatever is required."""
    return frozenset(name for name, reading in READINGS.items() if reading(spec) != reading(result))
