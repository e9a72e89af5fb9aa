"""Blocks: pixels become channels or examples, and back."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, Sizes, add, divide, multiply, subtract


def _rearranged_to_depth(call: Call) -> Sized:
    """SpaceToDepth: blocks of pixels become channels."""
    height, width, channel = _picture_axes(call)
    sizes, block = list(call.sizes()), int(call.attributes["block_size"])
    for axis in (height, width):
        sizes[axis] = call.part(sizes[axis], block)
    sizes[channel] = multiply(sizes[channel], block * block)
    return Sized(tuple(sizes))


def _rearranged_to_space(call: Call) -> Sized:
    """DepthToSpace: channels become blocks of pixels."""
    height, width, channel = _picture_axes(call)
    sizes, block = list(call.sizes()), int(call.attributes["block_size"])
    sizes[channel] = call.part(sizes[channel], block * block)
    sizes[height], sizes[width] = multiply(sizes[height], block), multiply(sizes[width], block)
    return Sized(tuple(sizes))


def _picture_axes(call: Call) -> tuple[int, int, int]:
    if len(call.sizes()) != 4 or call.attributes.get("data_format", "NHWC") not in {"NHWC", "NCHW"}:  # noqa: PLR2004  # a batch of pictures
        raise UndecidedError("no pictures")
    return (2, 3, 1) if call.attributes.get("data_format") == "NCHW" else (1, 2, 3)


def _space_to_batch(call: Call) -> Sized:
    return _gathered(call, call.integers(1), call.told(2))


def _space_to_batch_by_one(call: Call) -> Sized:
    """SpaceToBatch has one number for both sides of a block."""
    return _gathered(call, [int(call.attributes["block_size"])] * 2, call.told(1))


def _gathered(call: Call, blocks: Sequence[int], paddings: Sizes) -> Sized:
    sizes = call.sizes()
    if len(sizes) <= len(blocks) or len(paddings) != 2 * len(blocks):
        raise UndecidedError("blocks of another rank")
    found: list[Size] = list(sizes)
    for at, block in enumerate(blocks):
        axis = 1 + at
        padded = add(sizes[axis], add(paddings[2 * at], paddings[2 * at + 1]))
        found[axis] = call.part(padded, block)
        found[0] = multiply(found[0], block)
    return Sized(tuple(found))


def _batch_to_space(call: Call) -> Sized:
    return _spread(call, call.integers(1), call.told(2))


def _batch_to_space_by_one(call: Call) -> Sized:
    """BatchToSpace has one number for both sides of a block."""
    return _spread(call, [int(call.attributes["block_size"])] * 2, call.told(1))


def _spread(call: Call, blocks: Sequence[int], crops: Sizes) -> Sized:
    sizes = call.sizes()
    if len(sizes) <= len(blocks) or len(crops) != 2 * len(blocks):
        raise UndecidedError("blocks of another rank")
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


RULES: dict[str, Rule] = {
    "SpaceToDepth": _rearranged_to_depth,
    "DepthToSpace": _rearranged_to_space,
    "SpaceToBatchND": _space_to_batch,
    "BatchToSpaceND": _batch_to_space,
    "SpaceToBatch": _space_to_batch_by_one,
    "BatchToSpace": _batch_to_space_by_one,
}
