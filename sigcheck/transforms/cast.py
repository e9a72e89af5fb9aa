"""Cast: change the dtype and keep the shape.

## What it does
Gives every value in the required dtype, or in float32 where values have to be converted first:
narrower floats lose what a conversion needs. Whole numbers that may not fit a narrower type
are cast behind a guard, because TensorFlow wraps them silently. So are ids, lengths and masks, as either
side calls them, that the target may not have: a rounded id is another id.

## Example
    tf.cast(x, tf.float32)    uint8[?, 224, 224, 3] -> float32[?, 224, 224, 3]

## What it loses or assumes
What the limits of the two types and the declared ranges say: exact only where every value
survives, rounding from a wide float to a narrow one, truncating from a float to whole numbers.
Numbers that name or count things are never rounded.
Floats known to be beyond the limits of whole numbers are left to `saturating_cast`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from sigcheck.schema.agreement import VALUE_FACTS, conflicts, id_limits, numbers_held
from sigcheck.schema.cost import Cost, Loss
from sigcheck.schema.dtype import DTYPES, DType
from sigcheck.schema.facts import CATEGORICAL, Facts, Padding, Range
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec, stored_range
from sigcheck.transforms.pad import pad_value
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, map_values, numpy_dtype
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import CAST, ORDERED
from sigcheck.transforms.parts.line import NO_LINE, Line
from sigcheck.transforms.parts.padding import forgets_padding
from sigcheck.transforms.parts.quantization import cut
from sigcheck.transforms.parts.transform import Code, dtype_code, keep_static_shape, values_code

NAME = "cast"
ORDER = 10

# Conversions of values are computed in these: narrower floats lose what the conversion needs.
COMPUTE_DTYPES = ("float32", "float64")

_WHOLE = {"int", "uint", "bool"}


class Conversion(NamedTuple):
    """What a cast does to values: its loss, and whether it needs a guard on them.

    `is_kept` where the guard is that every value is kept as it is, not only that it fits.
    """

    loss: Loss
    is_guarded: bool = False
    is_kept: bool = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the cast to the required dtype, or to the one in which values are converted.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("uint8[?, 3]"), parse_spec("float32[?, 3]"))]
    ['cast(dtype=float32)']
    """
    if spec.dtype is None or required.dtype is None:
        return
    pending = VALUE_FACTS.intersection(conflicts(spec, required))
    if "quantization" in pending and not _is_known(spec):
        return
    if pending:
        # Narrowing before the conversion would lose precision, and overflow past 65504 in float16.
        if spec.dtype in COMPUTE_DTYPES:
            return
        target = required.dtype if required.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[0]
    elif required.dtype == "string" and is_naming(spec) and DTYPES[spec.dtype].kind == "float":
        # Only whole numbers are written out.
        target = "int64"
    else:
        target = required.dtype
    if target == spec.dtype or (spec.facts.quantization is not None and not _is_stored(target)):
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


def _is_stored(dtype: str) -> bool:
    """Whether numbers of the type can be stored ones; of any other they would be read as they are."""
    return DTYPES[dtype].kind in {"int", "uint"}


def _is_known(spec: TensorSpec) -> bool:
    """Whether the numbers are known to be real ones: no codes, and no whole numbers of which nothing is said."""
    if spec.facts.quantization is not None:
        return False
    return DTYPES[spec.dtype or "variant"].kind not in _WHOLE or numbers_held(spec) is not None


def _check(conversion: Conversion) -> dict[str, object]:
    if not conversion.is_guarded:
        return {}
    return {"check": "kept"} if conversion.is_kept else {"check": True}


def _guard(conversion: Conversion, target: str) -> str | None:
    if not conversion.is_guarded:
        return None
    return f"every value is one of {target}" if conversion.is_kept else f"every value fits in {target}"


def convert(spec: TensorSpec, target: str, *, has_names: bool = False) -> Conversion | None:
    """What casting values of the spec to the target loses; None where TensorFlow has no cast.

    `has_names` where the consumer takes them for ids, lengths or a mask: then none is rounded, whoever they are.
    """
    if spec.dtype not in CAST or target not in CAST:
        return None
    source, to = DTYPES[spec.dtype or "variant"], DTYPES[target]
    if target.startswith("float8") and source.kind != "float":
        return None
    found = _convert_whole(spec, source, to) if source.kind in _WHOLE else _convert_float(spec, source, to)
    is_kept = is_naming(spec) or (has_names and found is not None and found.loss == "rounding")
    if found is None or found.loss == "exact" or not is_kept or to.kind not in {"float", "int", "uint"}:
        return found
    return Conversion("exact", is_guarded=True, is_kept=True) if spec.dtype in ORDERED else None


def is_naming(spec: TensorSpec) -> bool:
    """Whether the values name or count things, so that the nearest value is another thing."""
    return spec.facts.meaning in CATEGORICAL or spec.facts.id_count is not None


def _convert_float(spec: TensorSpec, source: DType, to: DType) -> Conversion | None:
    is_beyond = spec.facts.range is not None and not holds(to, *spec.facts.range)
    if to.kind in {"int", "uint"} and is_beyond and not is_naming(spec):
        # What becomes of a float beyond the limits is up to the processor: saturating_cast says it.
        return None
    if to.kind == "bool" and spec.facts.meaning == "mask":
        return Conversion("exact")
    if to.kind in _WHOLE or (source.kind == "complex" and to.kind != "complex"):
        return Conversion("truncating")
    # A complex number is two floats of half its size.
    is_wider = to.highest is None or to.highest >= (source.highest or 0)
    if to.digits >= source.digits and is_wider:
        return Conversion("exact")
    ids = id_limits(spec.facts)
    if ids is not None and max(-ids[0], ids[1]) <= 1 << to.digits:
        return Conversion("exact")
    return Conversion("truncating" if is_beyond else "rounding")


def _convert_whole(spec: TensorSpec, source: DType, to: DType) -> Conversion | None:
    low, high = whole_limits(spec)
    if to.kind in {"float", "complex"}:
        most = max(abs(low), abs(high))
        if most <= 1 << to.digits:
            return Conversion("exact")
        # The largest whole numbers of a wide type overflow a float of 16 bits.
        return Conversion("rounding" if to.highest is None or most <= to.highest else "truncating")
    if to.kind == "bool":
        return Conversion("exact" if source.kind == "bool" or spec.facts.meaning == "mask" else "truncating")
    if holds(to, low, high):
        return Conversion("exact")
    return Conversion("exact", is_guarded=True)


def whole_limits(spec: TensorSpec) -> tuple[int, int]:
    """The least and greatest whole number that a tensor of the spec can hold, as far as known."""
    dtype = DTYPES[spec.dtype or "variant"]
    low, high = int(dtype.lowest or 0), int(dtype.highest or 0)
    stored = stored_range(spec)
    if stored is not None:
        low, high = max(low, int(stored[0])), min(high, int(stored[1]))
    ids = id_limits(spec.facts)
    if ids is not None:
        low, high = max(low, ids[0]), min(high, ids[1])
    padding = spec.facts.padding
    if padding is None or isinstance(padding.value, str):
        return low, high
    # What fills the rows need be none of the values.
    return min(low, int(padding.value)), max(high, int(padding.value))


def holds(dtype: DType, low: float, high: float) -> bool:
    """Whether both numbers are within the limits of the type."""
    return dtype.lowest is not None and dtype.highest is not None and dtype.lowest <= low and high <= dtype.highest


def facts_after(spec: TensorSpec, target: str) -> Facts:
    """The facts of the values after the cast: those that the target cannot hold are forgotten."""
    facts, to = spec.facts, DTYPES[target]
    if facts.quantization is not None:
        # The guard lets those numbers through that the target has.
        facts = facts.replace(range=cut(facts.range, target, facts.quantization))
    elif facts.range is not None and not holds(to, *facts.range):
        facts = facts.replace(range=_kept_range(facts.range, to))
    if facts.padding is not None:
        value = pad_value(target, facts.padding.value)
        facts = facts.replace(padding=None if value is None else Padding(value=value, side=facts.padding.side))
    return facts


def _kept_range(ends: Range, to: DType) -> Range | None:
    """What is left of a range in whole numbers, of which those beyond the limits are refused or cut off."""
    low, high = max(ends[0], float(to.lowest or 0)), min(ends[1], float(to.highest or 0))
    return (low, high) if to.kind in {"int", "uint"} and low < high else None


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


def kept_limits(source: DType, to: DType) -> tuple[float, float] | tuple[int, int]:
    """The least and the greatest number that both types have; those of whole numbers and of floats round toward zero.

    >>> kept_limits(DTYPES["float32"], DTYPES["int32"]), kept_limits(DTYPES["int16"], DTYPES["bfloat16"])
    ((-2147483648.0, 2147483520.0), (-32768, 32640))
    """
    low, high = max(source.lowest or 0, to.lowest or 0), min(source.highest or 0, to.highest or 0)
    if source.kind == "float":
        return _toward_zero(low, source.digits), _toward_zero(high, source.digits)
    if to.kind == "float":
        return int(_toward_zero(low, to.digits)), int(_toward_zero(high, to.digits))
    return int(low), int(high)


def _toward_zero(number: float, digits: int) -> float:
    """The nearest float of so many digits that is not farther from zero."""
    if not float(number).is_integer():
        return number
    whole = int(number)
    surplus = max(0, abs(whole).bit_length() - digits)
    return math.copysign((abs(whole) >> surplus) << surplus, whole) if whole else 0.0


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
