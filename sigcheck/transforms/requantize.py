"""Requantize: from one scale, zero point or dtype of stored numbers to another.

## What it does
Computes the real number that a stored one stands for, and stores it by the consumer's
quantization, rounding ties to even and keeping within the limits of the dtype. Where only
the zero point and the dtype move, as from uint8 of 128 to int8 of 0, whole numbers are shifted.
Whole numbers that are not quantized stand for themselves where their range is declared.

## Example
    tf.cast(tf.cast(x, tf.int32) - 128, tf.int8)    uint8[?, 16], quantization -> int8[?, 16], quantization

## What it loses or assumes
Nothing where it only shifts and every number fits; else rounding, or truncating where the
consumer's scale cannot reach what the producer's can.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator

from sigcheck.schema.agreement import VALUE_FACTS, conflicts, numbers_held
from sigcheck.schema.cost import Cost, Loss
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import NO_FACTS, Padding, Quantization, Range
from sigcheck.schema.plan import Step
from sigcheck.schema.stored_values import stored_range
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import value_range
from sigcheck.transforms.parts.array import Array, Tensor, map_values, numpy_dtype
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.line import line
from sigcheck.transforms.parts.line_form import per_channel
from sigcheck.transforms.parts.padding import forgets_padding, is_filled_last, padding_after
from sigcheck.transforms.parts.per_channel import along
from sigcheck.transforms.parts.quantization import (
    QUANTIZED,
    arguments_of,
    cut,
    has_place,
    nearest_stored,
    numbers_of,
    quantized_axis,
    stored_ends,
)
from sigcheck.transforms.parts.stored import Stored, narrow_code, shift_code
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

NAME = "requantize"
ORDER = 130
SETTLES: Coordinates = frozenset({"encoding"})
READS: Coordinates = frozenset(
    {"kind", "sizes", "axes", "colours", "dtype", "encoding", "meaning", "ids", "padding", "boxes"}
)
WRITES: Coordinates = frozenset({"dtype", "encoding", "padding"})

NUMPY_CALLS = {
    "tf.bitcast": NumpyCall(("x", "dtype"), "({x}).view({dtype})"),
    "tf.bitwise.bitwise_xor": NumpyCall(("x", "y"), "({x}) ^ ({y})"),
}
# Whole numbers that have no place in a type of as many bits wrap around.
KERAS_CALLS = {
    "tf.bitcast": lambda keras: keras.ops.cast,
    "tf.bitwise.bitwise_xor": lambda keras: keras.ops.bitwise_xor,
}


# What is added to whole numbers of 32 bits is a whole number of 64.
_MOST_SHIFT = 2**62


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the change of the stored numbers to the required quantization.

    >>> from sigcheck.schema.facts import Facts, Quantization
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> facts = [Facts(quantization=Quantization(scale=0.5, zero_point=zero)) for zero in (128, 0)]
    >>> given = TensorSpec(dtype="uint8", shape=(None,), facts=facts[0])
    >>> [step.loss for step in propose(given, TensorSpec(dtype="int8", shape=(None,), facts=facts[1]))]
    ['exact']
    """
    is_stored = spec.facts.quantization is not None or required.facts.quantization is not None
    # Whole numbers of a declared range stand for themselves: a scale of 1.
    ours, theirs = numbers_held(spec), numbers_held(required)
    if not is_stored or not is_filled_last(spec, required):
        return
    if ours is None or theirs is None or spec.dtype not in QUANTIZED or required.dtype not in QUANTIZED:
        return
    pending = conflicts(spec, required)
    if VALUE_FACTS.intersection(pending) != {"quantization"} or not (has_place(spec, ours) and has_place(spec, theirs)):
        return
    if len(theirs.scale) > 1 and {"axes", "channel_order"}.intersection(pending):
        return
    # Scales along two axes at once are in no format.
    if len({quantized_axis(spec, ours), quantized_axis(spec, theirs)} - {None}) > 1 or not _have_factors(ours, theirs):
        return
    dtype = required.dtype or "int8"
    loss = _loss(spec, dtype, ours, theirs)
    if required.facts.quantization is None and loss == "rounding":
        # Real numbers between whole ones lose their fraction.
        loss = "truncating"
    result = spec.replace(
        dtype=dtype,
        facts=spec.facts.replace(
            quantization=required.facts.quantization,
            range=_range_after(spec, required, dtype, theirs),
            padding=_padding_after(spec, dtype, ours, theirs),
        ),
    )
    if forgets_padding(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={
            **arguments_of(spec, ours, "from_"),
            **arguments_of(spec, theirs, "to_"),
            "dtype": dtype,
        },
        result=result,
        loss=loss,
        cost=Cost(
            truncating=int(loss == "truncating"),
            rounding=int(loss != "exact"),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
        reach="element",
    )


def _loss(spec: TensorSpec, dtype: str, ours: Quantization, theirs: Quantization) -> Loss:
    if _is_shift(ours, theirs):
        shift = theirs.zero_point[0] - ours.zero_point[0]
        source, target = DTYPES[spec.dtype or "int8"], DTYPES[dtype]
        low, high = stored_range(spec) or (source.lowest or 0, source.highest or 0)
        is_held = (target.lowest or 0) <= low + shift and high + shift <= (target.highest or 0)
        return "exact" if is_held else "truncating"
    return "truncating" if _is_cut(spec, dtype, ours, theirs) else "rounding"


def _is_cut(spec: TensorSpec, dtype: str, ours: Quantization, theirs: Quantization) -> bool:
    """Whether values that occur are beyond what can be stored, by more than a step, for all that is known of them."""
    known = value_range(spec.facts) or (-math.inf, math.inf)
    pairs = [list(zip(numbers.scale, numbers.zero_point, strict=True)) for numbers in (ours, theirs)]
    count = max(map(len, pairs))
    before, after = (found * count if len(found) == 1 else found for found in pairs)
    for (scale, zero_point), (step, new_zero_point) in zip(before, after, strict=True):
        low, high = stored_ends(spec.dtype or "int8", scale, zero_point)
        least, most = stored_ends(dtype, step, new_zero_point)
        if max(low, known[0]) < least - step or min(high, known[1]) > most + step:
            return True
    return False


def _factors(ours: Quantization, theirs: Quantization) -> tuple[float, ...]:
    """One step of the one in steps of the other: a single product, so that ties stay ties."""
    count = max(len(ours.scale), len(theirs.scale))
    before, after = (scale * count if len(scale) == 1 else scale for scale in (ours.scale, theirs.scale))
    return tuple(one / other for one, other in zip(before, after, strict=True))


def _have_factors(ours: Quantization, theirs: Quantization) -> bool:
    """Whether a float says of each entry how many steps of the one are one of the other."""
    if len({len(ours.scale), len(theirs.scale)} - {1}) > 1:
        # Of an open axis each side may say that it has another size.
        return False
    if _is_shift(ours, theirs) and abs(theirs.zero_point[0] - ours.zero_point[0]) > _MOST_SHIFT:
        return False
    return all(sys.float_info.min <= factor <= sys.float_info.max for factor in _factors(ours, theirs))


def _is_shift(ours: Quantization, theirs: Quantization) -> bool:
    return len(ours.scale) == 1 and ours.scale == theirs.scale


def _range_after(spec: TensorSpec, required: TensorSpec, dtype: str, theirs: Quantization) -> Range | None:
    """The range as it can be stored; the required one where whole numbers that stand for themselves have it nearly."""
    if required.facts.quantization is None and spec.facts.range is not None:
        return required.facts.range
    return cut(spec.facts, dtype, theirs)


def _padding_after(spec: TensorSpec, dtype: str, ours: Quantization, theirs: Quantization) -> Padding | None:
    if len(ours.scale) > 1 or len(theirs.scale) > 1:
        return None
    real = padding_after(spec.facts, lambda number: ours.scale[0] * (number - ours.zero_point[0]))
    return padding_after(NO_FACTS.replace(padding=real), lambda number: nearest_stored(number, theirs, dtype))


def stored(spec: TensorSpec, step: Step) -> Stored:
    """What is stored: the real number in steps of the new quantization."""
    ours, theirs = numbers_of(step.arguments, "from_"), numbers_of(step.arguments, "to_")
    places = step.arguments.get("from_axis"), step.arguments.get("to_axis")
    limits = DTYPES[step.arguments["dtype"]]
    # Of one scale and many zero points, or the other way round, one axis is that of both.
    factors = _factors(ours, theirs)
    distance = line([1], [-zero for zero in ours.zero_point], places[0])
    given = distance.then(line(factors, axis=places[1] if places[0] is None else places[0]))
    if given is None:
        raise ValueError("scales along two axes")
    return Stored(
        given, theirs.zero_point, places[1], float(limits.lowest or 0), float(limits.highest or 0), limits.name
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A shift of whole numbers, or the real number stored anew, in float32 where that gives the same numbers."""
    ours, theirs = numbers_of(step.arguments, "from_"), numbers_of(step.arguments, "to_")
    dtype, values = step.arguments["dtype"], values_code(spec, value)
    if _is_shift(ours, theirs):
        shift = theirs.zero_point[0] - ours.zero_point[0]
        code = Code(shift_code(spec, values, shift, dtype, clipped=step.loss != "exact"))
    else:
        found = stored(spec, step)
        code = narrow_code(spec, values, found.given, found) or Code(_wide_code(spec, step, values, found))
    return keep_static_shape(step.result, Code(with_values_code(spec, value, code.expression), code.lines))


def _wide_code(spec: TensorSpec, step: Step, values: str, found: Stored) -> str:
    """The code in float64, whose product of two numbers is as the reference has it."""
    ours, theirs = numbers_of(step.arguments, "from_"), numbers_of(step.arguments, "to_")
    places = step.arguments.get("from_axis"), step.arguments.get("to_axis")
    real = f"tf.cast({values}, tf.float64)"
    if any(ours.zero_point):
        real = f"({real} - {per_channel(spec, ours.zero_point, 'float64', places[0])})"
    axis = places[1] if places[0] is None else places[0]
    return found.code(spec, f"{real} * {per_channel(spec, _factors(ours, theirs), 'float64', axis)}", "float64")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The nearest number of the new quantization to the one that was stored, within the limits of the dtype."""
    import numpy as np

    ours, theirs = numbers_of(step.arguments, "from_"), numbers_of(step.arguments, "to_")
    places = step.arguments.get("from_axis"), step.arguments.get("to_axis")
    dtype, limits = step.arguments["dtype"], DTYPES[step.arguments["dtype"]]

    def store(array: Array) -> Array:
        distance = array.astype(np.float64) - along(array, ours.zero_point, places[0])
        steps = np.rint(distance * along(array, _factors(ours, theirs), places[1] if places[0] is None else places[0]))
        shifted = steps + along(array, theirs.zero_point, places[1])
        kept: Array = np.clip(shifted, limits.lowest, limits.highest).astype(numpy_dtype(dtype))
        return kept

    return map_values(value, store)
