"""The least size that a signature's constraints tell of one axis."""

from __future__ import annotations

import re


def least_of(signature, axis):
    """The least size of an axis of the one input; None where none is told."""
    sizes = signature.inputs[0].sizes
    pattern = rf"{re.escape(str(sizes and sizes[axis]))} (?:>=|==) (\d+)"
    told = [[re.fullmatch(pattern, side) for side in one.holds.split(" or ")] for one in signature.constraints]
    bounds = [min(int(side[1]) for side in sides if side) for sides in told if all(sides)]
    return max(bounds, default=None)
