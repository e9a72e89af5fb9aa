"""Dequantize: turn stored whole numbers into the real ones that they stand for.

## What it does
Computes scale * (q - zero_point), with one scale or with one for each index of an axis, in
float32; numbers of 32 bits in float64, so that none is rounded before the zero point is off.

## Example
    (tf.cast(x, tf.float32) - 128.0) * 0.0078125    uint8[?, 16], quantization -> float32[?, 16]

## What it loses or assumes
Rounding: a product of two floats is rounded once. Nothing is assumed; a quantization that is
not known is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from sigcheck.schema.agreement import VALUE_FACTS, are_near, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Quantization, Range
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import is_of_raw_values
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.computed_filling import filled_as_computed
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.line import Line, line
from sigcheck.transforms.parts.line_form import Form
from sigcheck.transforms.parts.padding import forgets_padding, is_filled_last
from sigcheck.transforms.parts.per_channel import along
from sigcheck.transforms.parts.quantization import (
    QUANTIZED,
    arguments_of,
    compute_dtype,
    has_place,
    numbers_of,
)
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

NAME = "dequantize"
ORDER = 120
SETTLES: Coordinates = frozenset({"encoding", "meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"dtype", "encoding", "padding"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the way to real numbers where these are required, or where another conversion needs them.

    >>> from sigcheck.schema.facts import Facts, Quantization
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> facts = Facts(quantization=Quantization(scale=0.5, zero_point=10))
    >>> stored = TensorSpec(dtype="uint8", shape=(None,), facts=facts)
    >>> [str(step) for step in propose(stored, TensorSpec(dtype="float32", shape=(None,)))]
    ['dequantize(scale=[0.5], zero_point=[10], dtype=float32)']
    """
    numbers = spec.facts.quantization
    if (
        numbers is None
        or spec.dtype not in QUANTIZED
        or not has_place(spec, numbers)
        or not is_filled_last(spec, required)
    ):
        return
    pending = VALUE_FACTS.intersection(conflicts(spec, required))
    if not pending:
        return
    # From one scale to another, requantize goes the straight way; scales of two axes it cannot bring together.
    stored = required.facts.quantization
    if stored is not None and pending == {"quantization"} and 1 in {len(numbers.scale), len(stored.scale)}:
        return
    dtype = required.dtype if required.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[0]
    facts = spec.facts.replace(
        quantization=None,
        range=_range_after(spec, required, numbers),
    )
    result = filled_as_computed(spec, spec.replace(dtype=dtype, facts=facts), required, partial(_line, numbers))
    if forgets_padding(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={**arguments_of(spec, numbers), "dtype": dtype},
        result=result,
        loss="rounding",
        cost=Cost(rounding=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="element",
    )


def _range_after(spec: TensorSpec, required: TensorSpec, numbers: Quantization) -> Range | None:
    """The range; the required one where the two are the same to within a quantization step."""
    found, wanted = spec.facts.range, required.facts.range
    if is_of_raw_values(spec.facts):
        return found
    return wanted if wanted is not None and found is not None and are_near(found, wanted, max(numbers.scale)) else found


def line_of(spec: TensorSpec, step: Step) -> Line | None:
    """What it does to each number; None where the numbers are computed in another dtype than that of the result."""
    numbers, dtype = numbers_of(step.arguments), step.arguments["dtype"]
    if dtype != "float64" and compute_dtype(spec.dtype) != dtype:
        return None
    return _line(numbers, step.arguments.get("axis"))


def _line(numbers: Quantization, axis: int | None = None) -> Line:
    pairs = zip(numbers.scale, numbers.zero_point, strict=True)
    return line(numbers.scale, [-Fraction(scale) * zero for scale, zero in pairs], axis)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`(tf.cast(x, tf.float32) - zero_point) * scale`, leaving out what changes nothing."""
    numbers, dtype = numbers_of(step.arguments), step.arguments["dtype"]
    axis = step.arguments.get("axis")
    computed = "float64" if dtype == "float64" else compute_dtype(spec.dtype)
    shift = tuple(float(-number) for number in numbers.zero_point) if any(numbers.zero_point) else None
    form = Form(before=shift, scale=numbers.scale)
    code, lines = form.code(spec, f"tf.cast({values_code(spec, value)}, tf.{computed})", computed, axis)
    if computed != dtype:
        code = f"tf.cast({code}, tf.{dtype})"
    return keep_static_shape(step.result, Code(with_values_code(spec, value, code), lines))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Scale * (q - zero_point) in float64, rounded once."""
    import numpy as np

    numbers, axis = numbers_of(step.arguments), step.arguments.get("axis")

    def real(array: Array) -> Array:
        distance = array.astype(np.float64) - along(array, numbers.zero_point, axis)
        return (along(array, numbers.scale, axis) * distance).astype(step.arguments["dtype"])

    return map_values(value, real)
