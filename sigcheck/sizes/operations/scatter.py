"""Scatter: values put into places of another tensor, and summed by the segment that each belongs to."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Sized, Sizes


def _scattered(call: Call) -> Sized:
    """ScatterNd gives a tensor of the shape that its third operand says."""
    shape = call.told(2)
    for size in shape:
        call.require_at_least(size, 0)
    _fit(call, call.operands[0].sizes, call.operands[1].sizes, shape)
    return Sized(shape)


def _put(call: Call) -> Sized:
    """TensorScatterUpdate and its like give a tensor as large as their first operand."""
    sizes = call.sizes()
    _fit(call, call.operands[1].sizes, call.operands[2].sizes, sizes)
    return Sized(sizes)


def _fit(call: Call, indices: Sizes | None, updates: Sizes | None, shape: Sizes) -> None:
    """Updates have the places of the indices, and in each of them what the indices leave of the shape.

    Kernels take a vector of indices for many of one axis, shape functions for one of many axes.
    """
    if indices is None or updates is None or len(indices) <= 1 or not isinstance(indices[-1], int):
        return
    wanted = (*indices[:-1], *shape[indices[-1] :])
    if not 0 < indices[-1] <= len(shape):
        raise UndecidedError("updates of another rank")
    call.joined_all(wanted, updates)


def _summed(call: Call) -> Sized:
    """UnsortedSegmentSum and its like: as many as the third operand says."""
    sizes, segments = call.sizes(), call.sizes(1)
    if len(segments) > len(sizes):
        raise UndecidedError("segments of another rank")
    (count,) = call.told(2)
    call.require_at_least(count, 0)
    for pair in zip(sizes, segments, strict=False):
        call.joined(*pair)
    return Sized((count, *sizes[len(segments) :]))


def _summed_in_order(call: Call) -> Sized:
    """SegmentSum and its like: as many as the last segment says, which no size tells."""
    sizes, segments = call.sizes(), call.sizes(1)
    if len(segments) != 1 or not sizes:
        raise UndecidedError("no segments")
    call.joined(sizes[0], segments[0])
    return Sized((call.fresh(), *sizes[1:]))


def _summed_of_rows(call: Call) -> Sized:
    """SparseSegmentSum and its like look rows up first."""
    sizes, rows, segments = call.sizes(), call.sizes(1), call.sizes(2)
    if len(rows) != 1 or len(segments) != 1 or not sizes:
        raise UndecidedError("no segments")
    call.joined(rows[0], segments[0])
    return Sized((call.fresh(), *sizes[1:]))


def _summed_of_many_rows(call: Call) -> Sized:
    sizes, rows, segments = call.sizes(), call.sizes(1), call.sizes(2)
    (count,) = call.told(3)
    if len(rows) != 1 or len(segments) != 1 or not sizes:
        raise UndecidedError("no segments")
    call.joined(rows[0], segments[0])
    return Sized((count, *sizes[1:]))


def _counted(call: Call) -> Sized:
    """Bincount: as many as the second operand says."""
    (count,) = call.told(1)
    call.require_at_least(count, 0)
    return Sized((count,))


def _counted_by_row(call: Call) -> Sized:
    sizes = call.sizes()
    (count,) = call.told(1)
    call.require_at_least(count, 0)
    if len(sizes) not in {1, 2}:
        raise UndecidedError("no rows")
    return Sized((*sizes[:-1], count))


UPDATES = "TensorScatterUpdate TensorScatterAdd TensorScatterSub TensorScatterMax TensorScatterMin"
UNSORTED = "UnsortedSegmentSum UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd"
SORTED = "SegmentSum SegmentMean SegmentMax SegmentMin SegmentProd"
OF_ROWS = "SparseSegmentSum SparseSegmentMean SparseSegmentSqrtN"

RULES: dict[str, Rule] = {
    "ScatterNd": _scattered,
    **dict.fromkeys(UPDATES.split(), _put),
    **dict.fromkeys(UNSORTED.split(), _summed),
    **dict.fromkeys(SORTED.split(), _summed_in_order),
    **dict.fromkeys(OF_ROWS.split(), _summed_of_rows),
    **dict.fromkeys((f"{one}WithNumSegments" for one in OF_ROWS.split()), _summed_of_many_rows),
    "Bincount": _counted,
    "DenseBincount": _counted_by_row,
}
