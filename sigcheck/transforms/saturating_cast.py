"""Saturating cast: change the dtype, and clip what the narrower one cannot hold to its limits.

## What it does
Stands in for a cast whose guard is not wanted: where `cast` would refuse, or leave to the
processor, a value beyond the limits of the required dtype, this gives the nearest limit. A
float loses its fraction first, toward zero. NaN has no nearest whole number: what becomes of
it is not defined.

## Example
    tf.cast(tf.clip_by_value(x, -128, 127), tf.int8)    int32[?, 16] -> int8[?, 16]

## What it loses or assumes
Truncating: values beyond the limits all become one. Ids are never clipped, because another
id would be read.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import value_range
from sigcheck.transforms.parts.array import Array, Tensor, map_values, numpy_dtype
from sigcheck.transforms.parts.casting import facts_after, holds, is_naming, kept_limits, leaves_nothing, whole_limits
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.padding import forgets_padding
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

NAME = "saturating_cast"
ORDER = 20
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"kind", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"dtype", "encoding", "padding"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the clipping cast to a required whole-number dtype that may not hold every value.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 3]"), parse_spec("int8[?, 3]"))]
    ['saturating_cast(dtype=int8)']
    """
    if spec.dtype == required.dtype or spec.dtype not in ORDERED or required.dtype not in ORDERED:
        return
    target = DTYPES[required.dtype or "variant"]
    if target.kind == "float" or not is_clipped(spec, target.name):
        return
    if is_naming(spec) or is_naming(required) or leaves_nothing(spec):
        return
    if VALUE_FACTS.intersection(conflicts(spec, required)):
        return
    facts = facts_after(spec, target.name)
    if facts.quantization is not None:
        # Codes that are clipped stand for less than the range says.
        facts = facts.replace(range=None)
    result = spec.replace(dtype=target.name, facts=facts)
    if forgets_padding(spec, result, required, is_clipping=True):
        return
    yield Step(
        transform=NAME,
        arguments={"dtype": target.name},
        result=result,
        loss="truncating",
        # Clipped, then cast: every value is written twice.
        cost=Cost(truncating=1, bytes_moved=bytes_moved(spec, spec) + bytes_moved(spec, result), steps=1),
        reach="element",
    )


def is_clipped(spec: TensorSpec, target: str) -> bool:
    """Whether values of the spec may lie beyond the limits of the target."""
    if DTYPES[spec.dtype or "variant"].kind == "float":
        known = value_range(spec.facts)
        return known is None or not holds(DTYPES[target], *known)
    return not holds(DTYPES[target], *whole_limits(spec))


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.clip_by_value` to the common limits, then `tf.cast`."""
    target = step.arguments["dtype"]
    low, high = kept_limits(DTYPES[spec.dtype or "variant"], DTYPES[target])
    clipped = f"tf.cast(tf.clip_by_value({values_code(spec, value)}, {low!r}, {high!r}), tf.{target})"
    return keep_static_shape(step.result, Code(with_values_code(spec, value, clipped)))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Each value, or the nearest limit that both types have, without its fraction."""
    import numpy as np

    target = step.arguments["dtype"]
    low, high = kept_limits(DTYPES[spec.dtype or "variant"], DTYPES[target])

    def clip(array: Array) -> Array:
        with np.errstate(invalid="ignore"):
            wide = array.astype(np.float64) if DTYPES[spec.dtype or "variant"].kind == "float" else array
            clipped: Array = np.clip(wide, low, high).astype(numpy_dtype(target))
        return clipped

    return map_values(value, clip)
