"""Cast: change the dtype and keep the shape.

## What it does
Gives every value in the required dtype, or in float32 where values have to be converted first:
narrower floats lose what a conversion needs. Whole numbers known to have more digits than that are converted in
float64. Whole numbers that may not fit a narrower type are cast behind a guard, because TensorFlow wraps them
silently. So are ids, lengths and masks, as either side calls them, that the target may not have: a rounded id is
another id.

## Example
    tf.cast(x, tf.float32)    uint8[?, 224, 224, 3] -> float32[?, 224, 224, 3]

## What it loses or assumes
What the limits of the two types and the declared ranges say: exact only where every value
survives, rounding from a wide float to a narrow one, truncating from a float to whole numbers.
Numbers that name or count things are never rounded, and shares of one, of which whole numbers have but the ends, are
not cast to such.
Floats known to be beyond the limits of whole numbers are left to `saturating_cast`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sigcheck.schema.agreement import VALUE_FACTS, conflicts, numbers_held
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES, DType
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, map_values, numpy_dtype
from sigcheck.transforms.parts.casting import (
    COMPUTE_DTYPES,
    WHOLE_KINDS,
    Conversion,
    convert,
    facts_after,
    holds,
    is_naming,
    kept_limits,
)
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import ONE_HOT
from sigcheck.transforms.parts.line import NO_LINE, Line
from sigcheck.transforms.parts.padding import forgets_padding
from sigcheck.transforms.parts.transform import Code, dtype_code, keep_static_shape, values_code

NAME = "cast"
ORDER = 10
SETTLES: Coordinates = frozenset({"dtype", "encoding", "meaning", "boxes"})
READS: Coordinates = frozenset({"kind", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"dtype", "encoding", "padding"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the cast to the required dtype, or to the one in which values are converted.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("uint8[?, 3]"), parse_spec("float32[?, 3]"))]
    ['cast(dtype=float32)']
    """
    target = _target(spec, required)
    if target is None or target == spec.dtype or (spec.facts.quantization is not None and not _is_stored(target)):
        return
    conversion = convert(spec, target, has_names=is_naming(required))
    if conversion is None:
        return
    result = spec.replace(dtype=target, facts=facts_after(spec, target))
    if forgets_padding(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={"dtype": target, **_check(conversion)},
        result=result,
        loss=conversion.loss,
        guard=_guard(conversion, target),
        cost=Cost(
            truncating=int(conversion.loss == "truncating"),
            rounding=int(conversion.loss == "rounding"),
            guards=int(conversion.is_guarded),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
        reach="element",
    )


def _target(spec: TensorSpec, required: TensorSpec) -> str | None:
    """The dtype that is wanted next; None where a cast would lead on nothing."""
    if spec.dtype is None or required.dtype is None:
        return None
    pending = VALUE_FACTS.intersection(conflicts(spec, required))
    if "quantization" in pending and not _is_known(spec):
        return None
    if _is_index(spec, required):
        return None if spec.dtype in ONE_HOT else "int64"
    if spec.facts.meaning == "lengths" and required.facts.meaning == "mask":
        # A mask is made of lengths as they are: as floats they would only be another way to it.
        return None
    if pending:
        # Narrowing before the conversion would lose precision, and overflow past 65504 in float16.
        computed = required.dtype if required.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[0]
        return None if spec.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[1] if _is_long(spec) else computed
    # Only whole numbers are written out.
    is_written = required.dtype == "string" and is_naming(spec) and DTYPES[spec.dtype].kind == "float"
    return "int64" if is_written else required.dtype


def _is_long(spec: TensorSpec) -> bool:
    """Whether whole numbers have more digits than float32: a mean that is subtracted would leave their rounding only.

    Seconds since 1970 are rounded to two minutes, and what a consumer takes of them may be their differences.
    """
    ends = spec.facts.range
    digits = DTYPES[COMPUTE_DTYPES[0]].digits
    return (
        ends is not None and DTYPES[spec.dtype or "variant"].kind in WHOLE_KINDS and max(map(abs, ends)) > 1 << digits
    )


def _is_stored(dtype: str) -> bool:
    """Whether numbers of the type can be stored ones; of any other they would be read as they are."""
    return DTYPES[dtype].kind in {"int", "uint"}


def _is_index(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether classes are to become probabilities, which `one_hot` makes of whole numbers alone."""
    is_stored = spec.facts.quantization is not None
    return not is_stored and spec.facts.meaning == "class_ids" and required.facts.meaning == "probabilities"


def _is_known(spec: TensorSpec) -> bool:
    """Whether the numbers are known to be real ones: no codes, and no whole numbers of which nothing is said."""
    if spec.facts.quantization is not None:
        return False
    return DTYPES[spec.dtype or "variant"].kind not in WHOLE_KINDS or numbers_held(spec) is not None


def _check(conversion: Conversion) -> dict[str, object]:
    if not conversion.is_guarded:
        return {}
    return {"check": "kept"} if conversion.is_kept else {"check": True}


def _guard(conversion: Conversion, target: str) -> str | None:
    if not conversion.is_guarded:
        return None
    return f"every value is one of {target}" if conversion.is_kept else f"every value fits in {target}"


def line_of(spec: TensorSpec, step: Step) -> Line | None:
    """What it does to each number: nothing, where it is a real one that becomes a float as it is."""
    is_real = DTYPES[spec.dtype or "variant"].kind in {"int", "uint", "float"}
    is_kept = step.loss == "exact" and step.guard is None
    return NO_LINE if is_real and is_kept and step.arguments["dtype"] in COMPUTE_DTYPES else None


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
    if step.arguments["check"] == "kept":
        return Code(cast.expression, (*_kept_lines(source, to, numbers), *cast.lines))
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


def _kept_lines(source: DType, to: DType, numbers: str) -> list[str]:
    """The assertions that a cast gives the same numbers: within the limits, then equal to what is cast back."""
    message = f'message="a value is none of {to.name}"'
    low, high = kept_limits(source, to)
    own = dtype_code(source.name)
    back = (
        f"tf.cast(tf.cast({numbers}, {dtype_code(to.name)}), {own})" if to.kind == "float" else f"tf.floor({numbers})"
    )
    return [
        f"tf.debugging.assert_greater_equal({numbers}, tf.constant({low!r}, {own}), {message})",
        f"tf.debugging.assert_less_equal({numbers}, tf.constant({high!r}, {own}), {message})",
        f"tf.debugging.assert_equal({back}, {numbers}, {message})",
    ]


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Each value as the target type holds it. Raises GuardError where a checked value does not fit."""
    import numpy as np

    target = step.arguments["dtype"]
    to = DTYPES[target]

    def cast(array: Array) -> Array:
        if step.arguments.get("check") == "kept":
            return _kept(array, target)
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


def _kept(array: Array, target: str) -> Array:
    """Each number as the target has it. Raises GuardError where the target has another one, or none."""
    import numpy as np

    to = DTYPES[target]
    # Whole numbers are compared as such: float64 has not all of 64 bits.
    numbers: list[float | int] = array.astype(object).reshape(-1).tolist()
    if any(not math.isfinite(one) or not (to.lowest or 0) <= one <= (to.highest or 0) for one in map(_number, numbers)):
        raise GuardError(f"a value is beyond the limits of {target}")
    if to.kind != "float" and any(_number(one) != int(one) for one in numbers):
        raise GuardError(f"a value is no whole number, so none of {target}")
    cast: Array = array.astype(numpy_dtype(target))
    kept = cast.reshape(-1).tolist()
    if to.kind == "float" and any(_number(one) != float(other) for one, other in zip(numbers, kept, strict=True)):
        raise GuardError(f"a value is none of {target}")
    return np.asarray(cast)


def _number(value: Any) -> float | int:
    # The narrow floats of ml_dtypes are numbers of their own kind.
    return value if isinstance(value, int) else float(value)
