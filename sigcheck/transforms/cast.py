"""Cast: change the dtype and keep the shape.

## What it does
Gives every value in the required dtype, or in float32 where values have to be converted first:
narrower floats lose what a conversion needs. Whole numbers that may not fit a narrower type
are cast behind a guard, because TensorFlow wraps them silently.

## Example
    tf.cast(x, tf.float32)    uint8[?, 224, 224, 3] -> float32[?, 224, 224, 3]

## What it loses or assumes
What the limits of the two types and the declared ranges say: exact only where every value
survives, rounding from a wide float to a narrow one, truncating from a float to whole numbers.
Floats known to be beyond the limits of whole numbers are left to `saturating_cast`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sigcheck.schema.agreement import VALUE_FACTS, conflicts, id_bound
from sigcheck.schema.cost import Cost, Loss
from sigcheck.schema.dtype import DTYPES, DType
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.array import Array, GuardError, Tensor, map_values, numpy_dtype
from sigcheck.transforms.effort import bytes_moved
from sigcheck.transforms.kernels import CAST
from sigcheck.transforms.pad import pad_value
from sigcheck.transforms.transform import Code, dtype_code, keep_static_shape, values_code

NAME = "cast"

# Conversions of values are computed in these: narrower floats lose what the conversion needs.
COMPUTE_DTYPES = ("float32", "float64")

_WHOLE = {"int", "uint", "bool"}


class Conversion(NamedTuple):
    """What a cast does to values: its loss, and whether it needs a guard on them."""

    loss: Loss
    is_guarded: bool = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the cast to the required dtype, or to the one in which values are converted.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("uint8[?, 3]"), parse_spec("float32[?, 3]"))]
    ['cast(dtype=float32)']
    """
    if spec.dtype is None or required.dtype is None:
        return
    pending = VALUE_FACTS.intersection(conflicts(spec, required))
    if "quantization" in pending and spec.facts.quantization is not None:
        return
    if pending:
        # Narrowing before the conversion would lose precision, and overflow past 65504 in float16.
        if spec.dtype in COMPUTE_DTYPES:
            return
        target = required.dtype if required.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[0]
    else:
        target = required.dtype
    if target == spec.dtype:
        return
    conversion = convert(spec, target)
    if conversion is None:
        return
    result = spec.replace(dtype=target, facts=facts_after(spec, target))
    yield Step(
        transform=NAME,
        arguments={"dtype": target, "check": True} if conversion.is_guarded else {"dtype": target},
        result=result,
        loss=conversion.loss,
        guard=f"every value fits in {target}" if conversion.is_guarded else None,
        cost=Cost(
            truncating=int(conversion.loss == "truncating"),
            rounding=int(conversion.loss == "rounding"),
            guards=int(conversion.is_guarded),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
        reach="element",
    )


def convert(spec: TensorSpec, target: str) -> Conversion | None:
    """What casting values of the spec to the target loses; None where TensorFlow has no cast."""
    if spec.dtype not in CAST or target not in CAST:
        return None
    source, to = DTYPES[spec.dtype or "variant"], DTYPES[target]
    if target.startswith("float8") and source.kind != "float":
        return None
    if source.kind in _WHOLE:
        return _convert_whole(spec, source, to)
    return _convert_float(spec, source, to)


def _convert_float(spec: TensorSpec, source: DType, to: DType) -> Conversion | None:
    if to.kind in {"int", "uint"} and spec.facts.range is not None and not holds(to, *spec.facts.range):
        # What becomes of a float beyond the limits is up to the processor: saturating_cast says it.
        return None
    if to.kind in _WHOLE or (source.kind == "complex" and to.kind != "complex"):
        return Conversion("truncating")
    if to.digits >= source.digits and (to.highest or 0) >= (source.highest or 0):
        return Conversion("exact")
    is_overflow = spec.facts.range is not None and not holds(to, *spec.facts.range)
    return Conversion("truncating" if is_overflow else "rounding")


def _convert_whole(spec: TensorSpec, source: DType, to: DType) -> Conversion | None:
    low, high = whole_limits(spec)
    if to.kind in {"float", "complex"}:
        most = max(abs(low), abs(high))
        if most <= 1 << to.digits:
            return Conversion("exact")
        # The largest whole numbers of a wide type overflow a float of 16 bits.
        return Conversion("rounding" if to.highest is None or most <= to.highest else "truncating")
    if to.kind == "bool":
        return Conversion("exact" if source.kind == "bool" else "truncating")
    if holds(to, low, high):
        return Conversion("exact")
    return Conversion("exact", is_guarded=True)


def whole_limits(spec: TensorSpec) -> tuple[int, int]:
    """The least and greatest whole number that a tensor of the spec can hold, as far as known."""
    dtype = DTYPES[spec.dtype or "variant"]
    low, high = int(dtype.lowest or 0), int(dtype.highest or 0)
    if spec.facts.range is not None:
        low, high = max(low, int(spec.facts.range[0])), min(high, int(spec.facts.range[1]))
    count = id_bound(spec.facts)
    return (low, high) if count is None else (max(low, 0), min(high, count - 1))


def holds(dtype: DType, low: float, high: float) -> bool:
    """Whether both numbers are within the limits of the type."""
    return dtype.lowest is not None and dtype.highest is not None and dtype.lowest <= low and high <= dtype.highest


def facts_after(spec: TensorSpec, target: str) -> Facts:
    """The facts of the values after the cast: those that the target cannot hold are forgotten."""
    facts, to = spec.facts, DTYPES[target]
    if facts.range is not None and not holds(to, *facts.range):
        facts = facts.replace(range=None)
    if facts.padding is not None:
        value = pad_value(target, facts.padding.value)
        facts = facts.replace(padding=None if value is None else Padding(value=value, side=facts.padding.side))
    return facts


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.cast`, behind assertions where the values may not fit."""
    target = step.arguments["dtype"]
    code = f"tf.cast({value}, {dtype_code(target)})"
    cast = keep_static_shape(step.result, Code(code))
    if not step.arguments.get("check"):
        return cast
    numbers = values_code(spec, value)
    source, to = DTYPES[spec.dtype or "variant"], DTYPES[target]
    lines = []
    if (source.lowest or 0) < (to.lowest or 0):
        lines.append(
            f"tf.debugging.assert_greater_equal({numbers}, tf.constant({to.lowest}, tf.{source.name}), "
            f'message="a value does not fit in {target}")'
        )
    if (source.highest or 0) > (to.highest or 0):
        lines.append(
            f"tf.debugging.assert_less_equal({numbers}, tf.constant({to.highest}, tf.{source.name}), "
            f'message="a value does not fit in {target}")'
        )
    return Code(cast.expression, (*lines, *cast.lines))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Each value as the target type holds it. Raises GuardError where a checked value does not fit."""
    import numpy as np

    target = step.arguments["dtype"]
    to = DTYPES[target]

    def cast(array: Array) -> Array:
        if step.arguments.get("check") and array.size:
            low, high = int(array.min()), int(array.max())
            if not holds(to, low, high):
                raise GuardError(f"values from {low} to {high} do not fit in {target}")
        # An overflow to infinity is what TensorFlow gives too; it is no accident here.
        with np.errstate(over="ignore", invalid="ignore"):
            if np.iscomplexobj(array) and to.kind != "complex":
                array = array.real
            return array.astype(numpy_dtype(target))

    return map_values(value, cast)
