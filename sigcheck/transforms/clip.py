"""Clip: keep whole numbers within the bounds that the consumer declares.

## What it does
Replaces what is below or above the required range by its ends, where ranges only bound the
values: of whole numbers, and of lengths. Ranges that are the ends of an encoding are never
clipped to one another: they are scaled.

## Example
    tf.clip_by_value(x, 0, 99)    int32[?], range [0, 255] -> int32[?], range [0, 99]

## What it loses or assumes
Truncating: values out of bounds all become one. Ids are never clipped, because another id
would be read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sigcheck.schema.agreement import conflicts, is_bound
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.padding import padding_after
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

NAME = "clip"
ORDER = 80
SETTLES: Coordinates = frozenset({"encoding"})
READS: Coordinates = frozenset({"kind", "dtype", "encoding", "meaning", "ids", "boxes"})
WRITES: Coordinates = frozenset({"encoding", "padding"})

# Values that name something: the nearest name is another thing.
NAMES = frozenset({"class_ids", "token_ids", "mask"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the clip to the required bounds, where known values exceed them.

    >>> from sigcheck.schema.facts import Facts
    >>> byte, hundred = (TensorSpec(dtype="int32", shape=(9,), facts=Facts(range=(0, top))) for top in (255, 99))
    >>> [str(step) for step in propose(byte, hundred)]
    ['clip(to=[0, 99])']
    """
    ours, theirs = spec.facts, required.facts
    if ours.range is None or theirs.range is None or spec.dtype not in ORDERED:
        return
    if {ours.meaning, theirs.meaning} & NAMES or ours.id_count is not None or theirs.id_count is not None:
        return
    if not is_bound(spec, required) or ours.quantization is not None or "range" not in conflicts(spec, required):
        return
    low, high = max(ours.range[0], theirs.range[0]), min(ours.range[1], theirs.range[1])
    if DTYPES[spec.dtype or "variant"].kind != "float":
        low, high = math.ceil(low), math.floor(high)
    # A sparse tensor holds zeros that are not written: they have to be within the bounds too.
    if low >= high or (spec.kind == "sparse" and not low <= 0 <= high):
        return
    result = spec.replace(
        facts=ours.replace(
            range=(float(low), float(high)), padding=padding_after(ours, lambda number: min(max(number, low), high))
        )
    )
    yield Step(
        transform=NAME,
        arguments={"to": (low, high)},
        result=result,
        loss="truncating",
        cost=Cost(truncating=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="element",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.clip_by_value`."""
    low, high = step.arguments["to"]
    clipped = f"tf.clip_by_value({values_code(spec, value)}, {low!r}, {high!r})"
    return keep_static_shape(step.result, Code(with_values_code(spec, value, clipped)))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Each value, or the nearest bound."""
    import numpy as np

    low, high = step.arguments["to"]

    def clip(array: Array) -> Array:
        kept: Array = np.minimum(np.maximum(array, np.asarray(low, array.dtype)), np.asarray(high, array.dtype))
        return kept

    return map_values(value, clip)
