"""Layout: what moves elements, joins and parts tensors, and repeats or adds some."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, Sizes, add, divide, multiply, numbers, product, subtract

# A tensor of more parts, or of more axes, is none of a model.
_MOST_PARTS = 1_000
_MOST_RANK = 64


def _reshaped(call: Call) -> Sized:
    operand, wanted = call.operands[0], call.operands[1]
    if wanted.numbers is None:
        rank = wanted.sizes[0] if wanted.sizes is not None and len(wanted.sizes) == 1 else None
        if not isinstance(rank, int) or rank > _MOST_RANK:
            raise UndecidedError("a shape of unknown length")
        return Sized(call.fresh_sizes(rank))
    told = wanted.numbers
    places = [at for at, size in enumerate(told) if size == -1]
    if len(places) > 1 or len(told) > _MOST_RANK:
        raise UndecidedError("no shape")
    if any(not isinstance(size, int) and not call.is_at_least(size, 0) for size in told):
        raise UndecidedError("a size that may be -1, which stands for the rest")
    rest = product([size for size in told if size != -1])
    if operand.sizes is None:
        made: Sizes = tuple(call.fresh() if size == -1 else size for size in told)
        return Sized(made)
    count = product(operand.sizes)
    if not places:
        call.require("equal", count, rest)
        return Sized(told, operand.numbers, operand.below)
    if rest == 0:
        raise UndecidedError("an axis of nothing")
    share = _share(operand.sizes, told)
    if share is None:
        share = divide(count, rest)
        call.require("equal", multiply(share, rest), count)
    return Sized((*told[: places[0]], share, *told[places[0] + 1 :]), operand.numbers, operand.below)


def _share(sizes: Sizes, told: tuple[Size, ...]) -> Size | None:
    """What -1 stands for, where all other sizes are among those that there are: no division is needed."""
    left = list(sizes)
    for size in told:
        if size in (-1, 1):
            continue
        if size not in left:
            return None
        left.remove(size)
    return product(left)


def _transposed(call: Call) -> Sized:
    sizes = call.sizes()
    order = call.axes(1, len(sizes))
    if sorted(order) != list(range(len(sizes))):
        raise UndecidedError("no order of the axes")
    return Sized(tuple(sizes[axis] for axis in order))


def _expanded(call: Call) -> Sized:
    sizes = call.sizes()
    (number,) = call.integers(1)
    at = call.axis(number, len(sizes) + 1)
    operand = call.operands[0]
    return Sized((*sizes[:at], 1, *sizes[at:]), operand.numbers, operand.below)


def _squeezed(call: Call) -> Sized:
    sizes = call.sizes()
    axes = {call.axis(axis, len(sizes)) for axis in call.listed("squeeze_dims") or call.listed("axis")}
    if not axes:
        if not all(isinstance(size, int) for size in sizes):
            raise UndecidedError("any axis of 1")
        axes = {axis for axis, size in enumerate(sizes) if size == 1}
    for axis in axes:
        call.joined(sizes[axis], 1)
    return Sized(tuple(size for axis, size in enumerate(sizes) if axis not in axes), call.operands[0].numbers)


def _concatenated(call: Call) -> Sized:
    is_old = call.node.op == "Concat"
    parts = call.operands[1:] if is_old else call.operands[:-1]
    (number,) = call.integers(0 if is_old else len(call.operands) - 1)
    return join(call, parts, number)


def join(call: Call, parts: Sequence[Sized], number: int) -> Sized:
    """Tensors joined along an axis: all other axes are of one size."""
    known = [part.sizes for part in parts if part.sizes is not None]
    if not known:
        raise UndecidedError("parts of unknown rank")
    rank = len(known[0])
    axis = call.axis(number, rank)
    if any(len(sizes) != rank for sizes in known):
        raise UndecidedError("parts of several ranks")
    found: list[Size] = list(known[0])
    for sizes in known[1:]:
        found = [
            add(size, other) if at == axis else call.joined(size, other)
            for at, (size, other) in enumerate(zip(found, sizes, strict=True))
        ]
    if len(known) < len(parts):
        found[axis] = call.fresh()
    values = [part.numbers for part in parts if part.numbers is not None]
    if rank == 1 and len(values) == len(parts):
        return numbers([value for one in values for value in one])
    return Sized(tuple(found))


def _packed(call: Call) -> Sized:
    known = [operand.sizes for operand in call.operands if operand.sizes is not None]
    if not known:
        raise UndecidedError("parts of unknown rank")
    rank = len(known[0])
    axis = call.axis(int(call.attributes.get("axis", 0)), rank + 1)
    found = list(known[0])
    for sizes in known[1:]:
        if len(sizes) != rank:
            raise UndecidedError("parts of several ranks")
        found = [call.joined(*pair) for pair in zip(found, sizes, strict=True)]
    values = [operand.numbers for operand in call.operands]
    if axis == 0 and all(value is not None for value in values):
        told = [one for value in values for one in value or ()]
        return numbers(told, (len(values), *found))
    return Sized((*found[:axis], len(call.operands), *found[axis:]))


def _unpacked(call: Call) -> list[Sized]:
    sizes = call.sizes()
    axis, count = call.axis(int(call.attributes.get("axis", 0)), len(sizes)), int(call.attributes.get("num", 0))
    if not 0 <= count <= _MOST_PARTS:
        raise UndecidedError("too many parts")
    call.joined(sizes[axis], count)
    rest = (*sizes[:axis], *sizes[axis + 1 :])
    values = call.operands[0].numbers
    if not rest and values is not None and len(values) == count:
        return [Sized((), (value,)) for value in values]
    return [Sized(rest)] * count


def _split(call: Call) -> list[Sized]:
    sizes = call.sizes(1)
    (number,) = call.integers(0)
    axis, count = call.axis(number, len(sizes)), int(call.attributes.get("num_split", 0))
    if not 1 <= count <= _MOST_PARTS:
        raise UndecidedError("too many parts")
    part = divide(sizes[axis], count)
    call.require("equal", multiply(part, count), sizes[axis])
    return [Sized((*sizes[:axis], part, *sizes[axis + 1 :]))] * count


def _split_by_sizes(call: Call) -> list[Sized]:
    sizes, parts = call.sizes(), list(call.numbers(1))
    (number,) = call.integers(2)
    axis = call.axis(number, len(sizes))
    if parts.count(-1) > 1 or len(parts) > _MOST_PARTS:
        raise UndecidedError("no parts")
    if -1 in parts:
        at = parts.index(-1)
        rest: Size = 0
        for part in parts[:at] + parts[at + 1 :]:
            rest = add(rest, part)
        parts[at] = subtract(sizes[axis], rest)
        call.require("at_least", sizes[axis], rest)
    else:
        total: Size = 0
        for part in parts:
            total = add(total, part)
        call.require("equal", total, sizes[axis])
    return [Sized((*sizes[:axis], part, *sizes[axis + 1 :])) for part in parts]


def padded(call: Call) -> Sized:
    """Sizes with what is added at both ends of each axis."""
    sizes, amounts = call.sizes(), call.numbers(1)
    if len(amounts) != 2 * len(sizes):
        raise UndecidedError("padding of another rank")
    pairs = [(amounts[2 * axis], amounts[2 * axis + 1]) for axis in range(len(sizes))]
    return Sized(tuple(add(size, add(*pair)) for size, pair in zip(sizes, pairs, strict=True)))


def _mirrored(call: Call) -> Sized:
    """No more is mirrored than there is; without its edge one less."""
    sizes, amounts = call.sizes(), call.numbers(1)
    edge = 1 if call.attributes.get("mode") == "REFLECT" else 0
    for axis, size in enumerate(sizes):
        for amount in amounts[2 * axis : 2 * axis + 2]:
            if amount != 0:
                call.require("at_least", size, add(amount, edge))
    return padded(call)


def _tiled(call: Call) -> Sized:
    sizes, counts = call.sizes(), call.numbers(1)
    if len(sizes) != len(counts):
        raise UndecidedError("counts of another rank")
    found = tuple(multiply(size, count) for size, count in zip(sizes, counts, strict=True))
    return Sized(found, below=call.operands[0].below)


def _broadcast_to(call: Call) -> Sized:
    wanted, operand = call.numbers(1), call.operands[0]
    if operand.sizes is not None:
        offset = len(wanted) - len(operand.sizes)
        if offset < 0:
            raise UndecidedError("a smaller rank")
        for size, to in zip(operand.sizes, wanted[offset:], strict=True):
            if size != 1:
                # What is not 1 must be as long as it is to be; what may be 1 is not decided by equality.
                call.require("alike", size, to)
    return Sized(tuple(wanted), below=operand.below)


def _filled(call: Call) -> Sized:
    wanted = call.numbers(0)
    for size in wanted:
        call.require_at_least(size, 0)
    value = call.operands[1].numbers if len(call.operands) > 1 else None
    if len(wanted) == 1 and isinstance(wanted[0], int) and value is not None and 0 <= wanted[0] <= _MOST_RANK:
        return numbers([value[0]] * wanted[0])
    return Sized(tuple(wanted))


def _rearranged_to_depth(call: Call) -> Sized:
    """SpaceToDepth: blocks of pixels become channels."""
    height, width, channel = _picture_axes(call)
    sizes, block = list(call.sizes()), int(call.attributes["block_size"])
    for axis in (height, width):
        part = divide(sizes[axis], block)
        call.require("equal", multiply(part, block), sizes[axis])
        sizes[axis] = part
    sizes[channel] = multiply(sizes[channel], block * block)
    return Sized(tuple(sizes))


def _rearranged_to_space(call: Call) -> Sized:
    """DepthToSpace: channels become blocks of pixels."""
    height, width, channel = _picture_axes(call)
    sizes, block = list(call.sizes()), int(call.attributes["block_size"])
    part = divide(sizes[channel], block * block)
    call.require("equal", multiply(part, block * block), sizes[channel])
    sizes[height], sizes[width] = multiply(sizes[height], block), multiply(sizes[width], block)
    sizes[channel] = part
    return Sized(tuple(sizes))


def _picture_axes(call: Call) -> tuple[int, int, int]:
    if len(call.sizes()) != 4 or call.attributes.get("data_format", "NHWC") not in {"NHWC", "NCHW"}:  # noqa: PLR2004  # a batch of pictures
        raise UndecidedError("no pictures")
    return (2, 3, 1) if call.attributes.get("data_format") == "NCHW" else (1, 2, 3)


def _space_to_batch(call: Call) -> Sized:
    sizes, blocks, paddings = call.sizes(), call.integers(1), call.numbers(2)
    found: list[Size] = list(sizes)
    for at, block in enumerate(blocks):
        axis = 1 + at
        padded = add(sizes[axis], add(paddings[2 * at], paddings[2 * at + 1]))
        found[axis] = divide(padded, block)
        call.require("equal", multiply(found[axis], block), padded)
        found[0] = multiply(found[0], block)
    return Sized(tuple(found))


def _batch_to_space(call: Call) -> Sized:
    sizes, blocks, crops = call.sizes(), call.integers(1), call.numbers(2)
    found: list[Size] = list(sizes)
    batch = sizes[0]
    for at, block in enumerate(blocks):
        axis = 1 + at
        batch = divide(batch, block)
        cropped = add(crops[2 * at], crops[2 * at + 1])
        grown = multiply(sizes[axis], block)
        call.require("at_least", grown, cropped)
        found[axis] = subtract(grown, cropped)
    total: Size = batch
    for block in blocks:
        total = multiply(total, block)
    call.require("equal", total, sizes[0])
    found[0] = batch
    return Sized(tuple(found))


def _resized(call: Call) -> Sized:
    sizes, wanted = call.sizes(), call.numbers(1)
    if len(sizes) != 4 or len(wanted) != 2:  # noqa: PLR2004  # a batch of pictures, to height and width
        raise UndecidedError("no pictures")
    return Sized((sizes[0], *wanted, sizes[3]))


def _reversed(call: Call) -> Sized:
    return Sized(call.sizes())


def _one_hot(call: Call) -> Sized:
    sizes = call.sizes()
    (depth,) = call.numbers(1)
    number = int(call.attributes.get("axis", -1))
    at = len(sizes) if number == -1 else call.axis(number, len(sizes) + 1)
    return Sized((*sizes[:at], depth, *sizes[at:]))


def _diagonal(call: Call) -> Sized:
    sizes = call.sizes()
    return Sized((*sizes, sizes[-1]))


RULES: dict[str, Rule] = {
    "Reshape": _reshaped,
    "Transpose": _transposed,
    "ExpandDims": _expanded,
    "Squeeze": _squeezed,
    "Concat": _concatenated,
    "ConcatV2": _concatenated,
    "Pack": _packed,
    "Unpack": _unpacked,
    "Split": _split,
    "SplitV": _split_by_sizes,
    "Pad": padded,
    "PadV2": padded,
    "MirrorPad": _mirrored,
    "Tile": _tiled,
    "BroadcastTo": _broadcast_to,
    "Fill": _filled,
    "SpaceToDepth": _rearranged_to_depth,
    "DepthToSpace": _rearranged_to_space,
    "SpaceToBatchND": _space_to_batch,
    "BatchToSpaceND": _batch_to_space,
    "ResizeBilinear": _resized,
    "ResizeNearestNeighbor": _resized,
    "ResizeBicubic": _resized,
    "ResizeArea": _resized,
    "ReverseV2": _reversed,
    "ReverseSequence": _reversed,
    "OneHot": _one_hot,
    "MatrixDiag": _diagonal,
}
