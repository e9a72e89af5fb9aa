"""Quantize: store real numbers as the whole ones that the consumer declares.

## What it does
Computes round(x / scale) + zero_point and keeps it within the limits of the dtype. Ties are
rounded to even, as `tf.round` does; the kernels of TFLite round them away from zero, which
differs by one step, and on exact ties only.

## Example
    tf.cast(tf.clip_by_value(tf.round(x / 0.0078125) + 128.0, 0.0, 255.0), tf.uint8)
    float32[?, 16] -> uint8[?, 16], quantization

## What it loses or assumes
Rounding: each value is off by half a step at most. Where the range of the values is known to
exceed what can be stored, it truncates: what lies beyond is stored as the limit. NaN has no
nearest whole number: what becomes of it is not defined.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import value_range
from sigcheck.transforms.parts.array import Array, Tensor, map_values, numpy_dtype
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.line import line
from sigcheck.transforms.parts.line_form import per_channel
from sigcheck.transforms.parts.padding import forgets_padding, is_filled_last, padding_after
from sigcheck.transforms.parts.per_channel import along
from sigcheck.transforms.parts.quantization import (
    QUANTIZED,
    arguments_of,
    compute_dtype,
    cut,
    has_place,
    is_cut,
    nearest_stored,
    numbers_of,
)
from sigcheck.transforms.parts.stored import Stored
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

NAME = "quantize"
ORDER = 110
SETTLES: Coordinates = frozenset({"encoding"})
READS: Coordinates = frozenset(
    {"kind", "sizes", "axes", "colours", "dtype", "encoding", "meaning", "ids", "padding", "boxes"}
)
WRITES: Coordinates = frozenset({"dtype", "encoding", "padding"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the storing of real numbers by the required quantization, once they are encoded as required.

    >>> from sigcheck.schema.facts import Facts, Quantization
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> facts = Facts(quantization=Quantization(scale=0.5, zero_point=10))
    >>> stored = TensorSpec(dtype="uint8", shape=(None,), facts=facts)
    >>> [str(step) for step in propose(TensorSpec(dtype="float32", shape=(None,)), stored)]
    ['quantize(scale=[0.5], zero_point=[10], dtype=uint8)']
    """
    numbers = required.facts.quantization
    if numbers is None or spec.facts.quantization is not None or spec.dtype not in COMPUTE_DTYPES:
        return
    if required.dtype not in QUANTIZED or not has_place(spec, numbers) or not is_filled_last(spec, required):
        return
    pending = conflicts(spec, required)
    # Other conversions are of real numbers, and come first. Scales belong to the axes and colours of the consumer.
    if VALUE_FACTS.intersection(pending) - {"quantization"}:
        return
    if len(numbers.scale) > 1 and {"axes", "channel_order"}.intersection(pending):
        return
    dtype = required.dtype or "int8"
    truncates = is_cut(value_range(spec.facts), dtype, numbers)

    def stored(number: float) -> float:
        return nearest_stored(number, numbers, dtype)

    facts = spec.facts.replace(
        quantization=numbers,
        range=cut(spec.facts, dtype, numbers),
        padding=padding_after(spec.facts, stored if len(numbers.scale) == 1 else None),
    )
    result = spec.replace(dtype=dtype, facts=facts)
    if forgets_padding(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={**arguments_of(spec, numbers), "dtype": dtype},
        result=result,
        loss="truncating" if truncates else "rounding",
        cost=Cost(truncating=int(truncates), rounding=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="element",
    )


def stored(spec: TensorSpec, step: Step) -> Stored | None:
    """What is stored: the value in steps of the quantization; None where these take a wider float than the value is."""
    if compute_dtype(step.arguments["dtype"]) not in {spec.dtype, "float32"}:
        return None
    return _stored(step)


def _stored(step: Step) -> Stored:
    numbers, axis = numbers_of(step.arguments), step.arguments.get("axis")
    limits = DTYPES[step.arguments["dtype"]]
    given = line([1 / Fraction(scale) for scale in numbers.scale], axis=axis)
    return Stored(given, numbers.zero_point, axis, float(limits.lowest or 0), float(limits.highest or 0), limits.name)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.round(x / scale) + zero_point`, clipped and cast."""
    numbers, dtype, axis = numbers_of(step.arguments), step.arguments["dtype"], step.arguments.get("axis")
    computed = "float64" if spec.dtype == "float64" else compute_dtype(dtype)
    code = values_code(spec, value)
    if computed != spec.dtype:
        code = f"tf.cast({code}, tf.{computed})"
    steps = f"{code} / {per_channel(spec, numbers.scale, computed, axis)}"
    code = _stored(step).code(spec, steps, computed)
    return keep_static_shape(step.result, Code(with_values_code(spec, value, code)))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The nearest stored number, the even one of two, within the limits of the dtype."""
    import numpy as np

    numbers, dtype, axis = numbers_of(step.arguments), step.arguments["dtype"], step.arguments.get("axis")
    limits = DTYPES[dtype]

    def store(array: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            steps = np.rint(array.astype(np.float64) / along(array, numbers.scale, axis))
            shifted = steps + along(array, numbers.zero_point, axis)
            kept: Array = np.clip(shifted, limits.lowest, limits.highest).astype(numpy_dtype(dtype))
        return kept

    return map_values(value, store)
