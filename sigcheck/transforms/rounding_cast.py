"""Rounding cast: store pixels that are real numbers as the nearest whole ones.

## What it does
Computes round(x), the even one of two that are as near, and keeps it within the limits of the dtype, where both
sides declare the range of their pixels and it is the same by now: `scale` comes before. So a picture in
[0, 1] becomes one of bytes. `tf.image.convert_image_dtype` cuts off in the place of rounding, after
it has scaled by half a step more, which differs by one step at most. A range of fewer than a hundred whole numbers
holds no picture, and is no reason to round.

## Example
    tf.cast(tf.clip_by_value(tf.round(x), 0.0, 255.0), tf.uint8)
    float32[?, 8, 8, 3], range [0, 255], pixels -> uint8[?, 8, 8, 3], range [0, 255], pixels

## What it loses or assumes
Rounding: each value is off by half a step at most. What lies beyond the declared range is
stored as the limit of the dtype. NaN has no nearest whole number: what becomes of it is not defined.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import is_of_raw_values, value_range
from sigcheck.transforms.parts.array import Array, Tensor, map_values, numpy_dtype
from sigcheck.transforms.parts.casting import holds, kept_limits
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.line import NO_LINE
from sigcheck.transforms.parts.padding import forgets_padding, padding_after
from sigcheck.transforms.parts.stored import Stored
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

NAME = "rounding_cast"
ORDER = 25
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"kind", "colours", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"dtype", "encoding", "padding"})

# A range of fewer whole numbers does not store a picture: [0, 1] leaves black and white. Percents have as many.
FEWEST_STEPS = 100


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the cast of pixels to the nearest whole numbers of the required dtype, once their range is the required.

    >>> from sigcheck.schema.facts import Facts
    >>> real, byte = (
    ...     TensorSpec(dtype=dtype, shape=(8, 8, 3), facts=Facts(meaning="pixels", range=(0, 255)))
    ...     for dtype in ("float32", "uint8")
    ... )
    >>> [(str(step), step.loss) for step in propose(real, byte)]
    [('rounding_cast(dtype=uint8)', 'rounding')]
    """
    ends = value_range(spec.facts)
    if ends is None or not is_rounded(spec, required) or not holds(DTYPES[required.dtype or "variant"], *ends):
        return
    if VALUE_FACTS.intersection(conflicts(spec, required)):
        return
    low, high = float(round(ends[0])), float(round(ends[1]))
    if not low < high:
        return
    known = spec.facts.range if is_of_raw_values(spec.facts) else (low, high)
    facts = spec.facts.replace(range=known, padding=padding_after(spec.facts, round))
    result = spec.replace(dtype=required.dtype, facts=facts)
    if forgets_padding(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={"dtype": required.dtype},
        result=result,
        loss="rounding",
        # Rounded, clipped, then cast: every value is written three times.
        cost=Cost(rounding=1, bytes_moved=2 * bytes_moved(spec, spec) + bytes_moved(spec, result), steps=1),
        reach="element",
    )


def is_rounded(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether these are real pixels of a known range that become whole ones of a known range.

    A side says that they are pixels, and none that they are something else.
    """
    if spec.dtype not in ORDERED or required.dtype not in ORDERED:
        return False
    if DTYPES[spec.dtype or "variant"].kind != "float" or DTYPES[required.dtype or "variant"].kind == "float":
        return False
    sides = (spec.facts, required.facts)
    # Numbers that are stored by a scale are rounded to steps of that scale.
    ours, theirs = map(value_range, sides)
    if ours is None or theirs is None or any(facts.quantization is not None for facts in sides):
        return False
    low, high = theirs
    if high - low < FEWEST_STEPS:
        return False
    is_told = any(facts.meaning == "pixels" or facts.channel_order is not None for facts in sides)
    return is_told and all(facts.meaning in {None, "pixels"} and facts.id_count is None for facts in sides)


def stored(spec: TensorSpec, step: Step) -> Stored:
    """What is stored: the value itself."""
    target = step.arguments["dtype"]
    low, high = kept_limits(DTYPES[spec.dtype or "variant"], DTYPES[target])
    return Stored(NO_LINE, (0,), None, low, high, target)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.round`, clipped to the common limits and cast."""
    code = stored(spec, step).code(spec, values_code(spec, value), spec.dtype or "float32")
    return keep_static_shape(step.result, Code(with_values_code(spec, value, code)))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The nearest whole number, the even one of two, within the limits that both types have."""
    import numpy as np

    target = step.arguments["dtype"]
    low, high = kept_limits(DTYPES[spec.dtype or "variant"], DTYPES[target])

    def store(array: Array) -> Array:
        with np.errstate(invalid="ignore"):
            kept: Array = np.clip(np.rint(array.astype(np.float64)), low, high).astype(numpy_dtype(target))
        return kept

    return map_values(value, store)
