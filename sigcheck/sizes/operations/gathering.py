"""Gathering: what is looked up by index."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Sized, Sizes


def _gathered(call: Call) -> Sized:
    sizes, indices = call.sizes(), call.sizes(1)
    number = call.integers(2)[0] if len(call.operands) > 2 else 0  # noqa: PLR2004  # the third is the axis
    axis = call.axis(number, len(sizes))
    batch = int(call.attributes.get("batch_dims", 0))
    if not 0 <= batch <= min(axis, len(indices)):
        raise UndecidedError("axes of a batch that are not there")
    below = call.operands[1].below
    if call.attributes.get("is_compiled"):
        # XLA takes an index beyond the end for the last one.
        return _picked(call, sizes, axis, batch)
    if below is not None:
        # Positions count on to the last one: a table must have a row for each (CPU kernels refuse others).
        call.require("at_least", sizes[axis], below)
    # Indices that stand in the file likewise.
    for one in call.operands[1].numbers or ():
        if isinstance(one, int):
            call.require("at_least", sizes[axis] if one >= 0 else 0, one + 1 if one >= 0 else 1)
    return _picked(call, sizes, axis, batch)


def _picked(call: Call, sizes: Sizes, axis: int, batch: int) -> Sized:
    indices = call.sizes(1)
    front = [call.joined(sizes[at], indices[at]) for at in range(batch)]
    found = (*front, *sizes[batch:axis], *indices[batch:], *sizes[axis + 1 :])
    values, told = call.operands[0].numbers, call.operands[1].numbers
    if values is not None and told is not None and len(sizes) == 1 and all(isinstance(one, int) for one in told):
        places = [one for one in told if isinstance(one, int)]
        if all(-len(values) <= one < len(values) for one in places):
            return Sized(found, tuple(values[one] for one in places))
    return Sized(found)


def _gathered_by_rows(call: Call) -> Sized:
    sizes, indices = call.sizes(), call.sizes(1)
    if not indices or not isinstance(indices[-1], int) or indices[-1] > len(sizes):
        raise UndecidedError("indices of another rank")
    return Sized((*indices[:-1], *sizes[indices[-1] :]))


RULES: dict[str, Rule] = {
    "Gather": _gathered,
    "GatherV2": _gathered,
    "ResourceGather": _gathered,
    "GatherNd": _gathered_by_rows,
}
