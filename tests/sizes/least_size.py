"""The least size that a signature's constraints tell of one axis."""

from __future__ import annotations

import re


def least_of(signature, axis):
    """The least size of an axis of the one input; None where none is told."""
    sizes = signature.inputs[0].sizes
    pattern = rf"{re.escape(str(sizes and sizes[axis]))} >= (\d+)"
    found = [re.fullmatch(pattern, one.holds) for one in signature.constraints]
    return next((int(one[1]) for one in found if one), None)
