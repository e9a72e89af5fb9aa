"""Rules: for each operation, the extents of its result from those of its operands.

Of an operation that is not in the table nothing is known. A reader whose nodes lack TensorFlow's attributes
gives the attribute `sizes` instead: for each axis of the result the axis of the first operand, the window and
the stride, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sigcheck.graph.view import Constant, Graph, Node, Tensor
from sigcheck.inference.extent.size import Extent, Extents, Size, broadcast

_MAX_RANK = 254


@dataclass(frozen=True)
class Operation:
    """A node with the extents of its operands. `fails` collects the sizes of inputs below which it fails."""

    graph: Graph
    node: Node
    operands: Sequence[Extents]
    shape_of: Callable[[Tensor | None], Extents]
    fails: dict[tuple[str, int], tuple[int, str]] = field(default_factory=dict)

    @property
    def first(self) -> tuple[Extent, ...]:
        """The extents of the first operand. Raises ValueError where they are not known."""
        found = self.operands[0]
        if found is None:
            raise ValueError("an operand of unknown rank")
        return found

    def numbers(self, operand: int) -> tuple[int, ...]:
        """The whole numbers of a constant operand. Raises ValueError where it is none."""
        tensor = self.node.inputs[operand]
        node = None if tensor is None else self.graph.nodes[tensor.node]
        value = node.attributes.get("value") if node is not None and node.op == "Const" else None
        if not isinstance(value, Constant) or value.values is None or not all(one == int(one) for one in value.values):
            raise ValueError("no constant")
        count = 1
        for size in value.shape or ():
            count *= size
        values = value.values * count if len(value.values) == 1 else value.values
        return tuple(int(one) for one in values)

    def axis(self, operand: int, rank: int) -> int:
        """A constant axis, counted from the first. Raises ValueError where there is no such axis."""
        (number,) = self.numbers(operand)
        if not -rank <= number < rank:
            raise ValueError("no such axis")
        return number % rank

    def windowed(self, extent: Extent, window: int, stride: int = 1) -> Extent:
        """An axis behind a window."""
        if isinstance(extent, Size):
            return extent.windowed(window, stride, self.node.op)
        return None

    def require(self, extent: Extent, count: int) -> None:
        """Notes that the operation fails where an axis has fewer than `count`."""
        if isinstance(extent, Size) and count >= 1:
            key, needed = (extent.source, extent.axis), extent.needed(count)
            if needed > self.fails.get(key, (0, ""))[0]:
                self.fails[key] = needed, self.node.op


Rule = Callable[[Operation], Extents]


def _same(operation: Operation) -> Extents:
    return operation.first


def _untold(operation: Operation) -> Extents:
    """Of a name that a layer of another class may have."""
    return None


def _elementwise(operation: Operation) -> Extents:
    found = operation.operands[0]
    for other in operation.operands[1:]:
        found = broadcast(found, other)
    return found


def _expanded(operation: Operation) -> Extents:
    first = operation.first
    at = operation.axis(1, len(first) + 1)
    return (*first[:at], 1, *first[at:])


def _squeezed(operation: Operation) -> Extents:
    first = operation.first
    gone = {axis % len(first) for axis in _integers(operation.node, "squeeze_dims")}
    if not gone:
        raise ValueError("any axis of 1")
    return tuple(extent for axis, extent in enumerate(first) if axis not in gone)


def _transposed(operation: Operation) -> Extents:
    first, order = operation.first, operation.numbers(1)
    if sorted(order) != list(range(len(first))):
        raise ValueError("no order of the axes")
    return tuple(first[axis] for axis in order)


def _product(operation: Operation) -> Extents:
    """Rows times a matrix: all axes but the last stay."""
    attributes, first = operation.node.attributes, operation.first
    if any(attributes.get(name) for name in ("transpose_a", "adj_x")) or len(first) < 2:  # noqa: PLR2004  # rows
        raise ValueError("columns")
    matrix = operation.shape_of(operation.node.inputs[1])
    if operation.node.op != "MatMul" and (matrix is None or len(matrix) != 2):  # noqa: PLR2004  # not one for each row
        raise ValueError("more than one matrix")
    return (*first[:-1], None)


def _convolved(operation: Operation) -> Extents:
    kernel = operation.shape_of(operation.node.inputs[1])
    rank = len(operation.first)
    if kernel is None or len(kernel) != rank:
        raise ValueError("a kernel of unknown shape")
    spatial = _spatial(operation.node, rank)
    sizes = {axis: kernel[place] for place, axis in enumerate(spatial)}
    return _strided(operation, spatial, sizes)


def _pooled(operation: Operation) -> Extents:
    spatial, windows = _spatial(operation.node, len(operation.first)), _integers(operation.node, "ksize")
    return _strided(operation, spatial, {axis: windows[axis] for axis in spatial})


def _strided(operation: Operation, spatial: Sequence[int], kernel: Mapping[int, Extent]) -> Extents:
    """Windows of the kernel's sizes along some axes; of the others the first alone stays."""
    node, first = operation.node, operation.first
    strides = _integers(node, "strides")
    dilations = _integers(node, "dilations") or (1,) * len(first)
    paddings = _integers(node, "explicit_paddings")
    kind = node.attributes["padding"]
    found: list[Extent] = [first[0], *[None] * (len(first) - 1)]
    for axis in spatial:
        size = kernel[axis]
        if kind == "SAME":
            window = 1
        elif not isinstance(size, int) or kind not in {"VALID", "EXPLICIT"}:
            continue
        else:
            padding = sum(paddings[2 * axis : 2 * axis + 2]) if kind == "EXPLICIT" else 0
            window = (size - 1) * dilations[axis] + 1 - padding
        if strides[axis] >= 1 and dilations[axis] >= 1:
            found[axis] = operation.windowed(first[axis], window, strides[axis])
    return tuple(found)


def _spatial(node: Node, rank: int) -> Sequence[int]:
    """The axes between batch and channels."""
    data_format = node.attributes.get("data_format", "NHWC")
    if rank not in {4, 5} or data_format not in {"NHWC", "NDHWC", "NCHW", "NCDHW"}:
        raise ValueError("no convolution of this rank")
    return range(2, rank) if data_format.startswith("NC") else range(1, rank - 1)


def _padded(operation: Operation) -> Extents:
    first, numbers = operation.first, operation.numbers(1)
    if len(numbers) != 2 * len(first) or min(numbers) < 0:
        raise ValueError("padding of another rank")
    return tuple(
        extent if not sum(numbers[2 * axis : 2 * axis + 2]) else _longer(extent, sum(numbers[2 * axis : 2 * axis + 2]))
        for axis, extent in enumerate(first)
    )


def _longer(extent: Extent, count: int) -> Extent:
    return extent.windowed(1 - count, 1, "Pad") if isinstance(extent, Size) else None


def _sliced(operation: Operation) -> Extents:
    """Slice, which refuses what goes beyond the end."""
    first, begins, counts = operation.first, operation.numbers(1), operation.numbers(2)
    found: list[Extent] = []
    for extent, begin, count in zip(first, begins, counts, strict=True):
        if begin < 0 or count < -1:
            raise ValueError("no slice")
        if count >= 0:
            operation.require(extent, begin + count)
        found.append(operation.windowed(extent, begin + 1) if count == -1 else count)
    return tuple(found)


def _cut(operation: Operation) -> Extents:
    """StridedSlice, which cuts ends beyond the size off, and refuses an index beyond it."""
    begins, ends, steps = (operation.numbers(operand) for operand in (1, 2, 3))
    masks = {name: int(operation.node.attributes.get(f"{name}_mask", 0)) for name in _MASKS}
    found: list[Extent] = []
    left = list(operation.first)
    for place, (begin, end, step) in enumerate(zip(begins, ends, steps, strict=True)):
        bit = 1 << place
        if masks["ellipsis"] & bit:
            behind = sum(not masks["new_axis"] >> other & 1 for other in range(place + 1, len(begins)))
            kept = len(left) - behind
            found += left[:kept]
            left = left[kept:]
        elif masks["new_axis"] & bit:
            found.append(1)
        elif masks["shrink_axis"] & bit:
            operation.require(left.pop(0), begin + 1 if begin >= 0 else -begin)
        else:
            start = 0 if masks["begin"] & bit else begin
            stop = None if masks["end"] & bit else end
            found.append(_range(operation, left.pop(0), start, stop, step))
    return (*found, *left)


def _range(operation: Operation, extent: Extent, begin: int, end: int | None, step: int) -> Extent:
    """At most what lies between two ends; each counts from the end where it is negative."""
    if step < 1:
        return operation.windowed(extent, 1)
    if begin == 0 and end is None and step == 1:
        return extent
    return operation.windowed(extent, 1 + max(begin, 0) - min(end or 0, 0), step)


def _joined(operation: Operation) -> Extents:
    """The axes beside that of the joint are of one size in all parts."""
    is_old = operation.node.op == "Concat"
    parts = operation.operands[1:] if is_old else operation.operands[:-1]
    known = [part for part in parts if part is not None]
    if not known or len({len(part) for part in known}) != 1:
        raise ValueError("parts of unknown rank")
    at = operation.axis(0 if is_old else len(operation.operands) - 1, len(known[0]))
    found: Extents = known[0]
    for part in known[1:]:
        found = broadcast(found, part)
    return found and (*found[:at], None, *found[at + 1 :])


def _told(operation: Operation, sizes: object) -> Extents:
    """What the reader says of the result."""
    first, found = operation.first, list[Extent]()
    for one in sizes if isinstance(sizes, tuple) else ():
        axis, window, stride = (None, 1, 1) if one is None else one
        found.append(None if axis is None else operation.windowed(first[axis], window, stride))
    return tuple(found)


def _integers(node: Node, name: str) -> tuple[int, ...]:
    found = node.attributes.get(name, ())
    return tuple(found) if isinstance(found, tuple | list) else ()


def apply(operation: Operation) -> Extents:
    """The extents of the result; None where they are not known."""
    rule, sizes = RULES.get(operation.node.op), operation.node.attributes.get("sizes")
    if rule is None:
        return None
    try:
        found = rule(operation) if sizes is None else _told(operation, sizes)
    except (ValueError, LookupError, TypeError, ArithmeticError):
        return None
    return found if found is None or len(found) <= _MAX_RANK else None


_MASKS = ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
_KEEPING = (
    "Abs BiasAdd Cast Ceil CheckNumerics Cos Elu EnsureShape Erf Exp FakeQuantWithMinMaxArgs Floor FusedBatchNorm "
    "FusedBatchNormV2 FusedBatchNormV3 Identity IsNan LeakyRelu Log LogSoftmax LogicalNot Neg "
    "PreventGradient Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Snapshot Softmax Softplus Softsign Sqrt Square "
    "StopGradient Tanh"
)
_ELEMENTWISE = (
    "Add AddV2 Div Equal FloorMod Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr Maximum Minimum Mul "
    "NotEqual Pow RealDiv SelectV2 SquaredDifference Sub"
)

_POOLS = ("MaxPool", "AvgPool", "MaxPool3D", "AvgPool3D")
_CONVOLUTIONS = ("Conv2D", "Conv3D", "DepthwiseConv2dNative")

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(_KEEPING.split(), _same),
    **dict.fromkeys(_ELEMENTWISE.split(), _elementwise),
    **dict.fromkeys(("MatMul", "BatchMatMul", "BatchMatMulV2"), _product),
    **dict.fromkeys(_CONVOLUTIONS, _convolved),
    **dict.fromkeys(_POOLS, _pooled),
    **dict.fromkeys(("Pad", "PadV2"), _padded),
    **dict.fromkeys(("Concat", "ConcatV2"), _joined),
    "ExpandDims": _expanded,
    "Keras>BatchNormalization": _untold,
    "Slice": _sliced,
    "Squeeze": _squeezed,
    "StridedSlice": _cut,
    "Transpose": _transposed,
}
# What may leave nothing of a size, or refuse it: a graph without any of these has no least sizes.
SHRINKING = frozenset({"Slice", "StridedSlice", *_CONVOLUTIONS, *_POOLS})
