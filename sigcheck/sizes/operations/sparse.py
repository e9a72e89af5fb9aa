"""Sparse and ragged tensors, as the dense ones that they are made of: places, values and a shape; splits of rows."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.reductions import reduced
from sigcheck.sizes.tensor import Sized, Sizes

_MATRIX = 2


def _multiplied(call: Call) -> Sized:
    """SparseTensorDenseMatMul: the shape of the sparse matrix is its third operand."""
    shape, other = call.told(2), call.sizes(3)
    if len(shape) != _MATRIX or len(other) != _MATRIX:
        raise UndecidedError("no matrices")
    one = shape[::-1] if call.attributes.get("adjoint_a") else shape
    two = other[::-1] if call.attributes.get("adjoint_b") else other
    call.joined(one[1], two[0])
    return Sized((one[0], two[1]))


def _dense(call: Call) -> Sized:
    """SparseToDense: as large as the second operand says."""
    return Sized(call.told(1))


def _reordered(call: Call) -> list[Sized]:
    return [Sized(call.sizes(0)), Sized(call.sizes(1))]


def _reduced(call: Call) -> Sized:
    """SparseReduceSum: of the axes of the shape, the third operand."""
    shape = call.told(2)
    return Sized(reduced(shape, call.axes(3, len(shape)), keeps=bool(call.attributes.get("keep_dims", False))))


def _soft(call: Call) -> Sized:
    """SparseSoftmax: a value for each that there is."""
    return Sized(call.sizes(1))


def _padded(call: Call) -> Sized:
    """RaggedTensorToTensor: as large as is asked for; -1 stands for the longest row, which no size tells."""
    wanted, values = call.operands[0], call.sizes(1)
    if wanted.numbers is None or wanted.sizes == () or not values:
        raise UndecidedError("a shape that is not told")
    sizes: Sizes = tuple(call.fresh() if size == -1 else size for size in wanted.numbers)
    if any(not isinstance(size, int) and not call.is_at_least(size, 0) for size in sizes):
        raise UndecidedError("a size that may be -1")
    return Sized(sizes)


RULES: dict[str, Rule] = {
    "SparseTensorDenseMatMul": _multiplied,
    "SparseToDense": _dense,
    "SparseReorder": _reordered,
    "SparseReduceSum": _reduced,
    "SparseSoftmax": _soft,
    "RaggedTensorToTensor": _padded,
}
