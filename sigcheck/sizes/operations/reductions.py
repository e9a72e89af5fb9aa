"""Reductions: one value for all along some axes."""

from __future__ import annotations

from collections.abc import Collection

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, Sizes, add, largest, multiply, smallest

_FOLDS = {"Prod": multiply, "Sum": add, "Max": largest, "Min": smallest}


def reduced(sizes: Sizes, axes: Collection[int], *, keeps: bool) -> Sizes:
    """What is left of sizes behind a reduction along some axes: 1 for each of them, where it keeps them."""
    return tuple(1 if axis in axes else size for axis, size in enumerate(sizes) if keeps or axis not in axes)


def _reduced(call: Call) -> Sized:
    sizes = call.sizes()
    axes = set(call.axes(1, len(sizes)))
    keeps = bool(call.attributes.get("keep_dims", call.attributes.get("keepdims", False)))
    left = reduced(sizes, axes, keeps=keeps)
    values = call.operands[0].numbers
    if values and call.node.op in _FOLDS and axes == {0} and len(sizes) == 1:
        total: Size = values[0]
        for value in values[1:]:
            total = _FOLDS[call.node.op](total, value)
        return Sized(left, (total,))
    return Sized(left)


def _placed(call: Call) -> Sized:
    sizes = call.sizes()
    numbers = call.integers(1)
    if len(numbers) != 1:
        raise UndecidedError("no axis")
    axis = call.axis(numbers[0], len(sizes))
    call.require_at_least(sizes[axis], 1)
    return Sized((*sizes[:axis], *sizes[axis + 1 :]))


RULES: dict[str, Rule] = {
    **dict.fromkeys(("Mean", "Sum", "Max", "Min", "Prod", "All", "Any", "EuclideanNorm"), _reduced),
    **dict.fromkeys(("ArgMax", "ArgMin"), _placed),
}
