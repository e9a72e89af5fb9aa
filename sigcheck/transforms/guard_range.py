"""Guard range: refuse values outside of bounds.

## What it does
Passes values on behind assertions that each lies between two ends, and is not NaN. The planner puts it before a plan
that rests on ends which data showed and nobody declared, unless the policy trusts what was observed. Where whole
numbers are declared to go beyond what the consumer takes, it is used only if the policy allows it by name.

## Example
    tf.debugging.assert_less_equal(x, 99)    int32[?], range [0, 255] -> int32[?], range [0, 99]

## What it loses or assumes
Nothing is lost: a value that is out of bounds ends the run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sigcheck.schema.agreement import conflicts, is_bound
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Range
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, map_values, numpy_dtype
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.transform import Code, values_code

NAME = "guard_range"
ORDER = 440
SETTLES: Coordinates = frozenset({"encoding"})
READS: Coordinates = frozenset({"kind", "dtype", "encoding", "meaning", "ids", "boxes"})
WRITES: Coordinates = frozenset({"encoding"})
HAS_KERAS = False

# Beyond what is declared only by name: it turns a mismatch of bounds into a failure for some values.
BY_PERMISSION = True


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the guard of the required bounds, where known values exceed them.

    >>> from sigcheck.schema.facts import Facts
    >>> byte, hundred = (TensorSpec(dtype="int32", shape=(9,), facts=Facts(range=(0, top))) for top in (255, 99))
    >>> [str(step) for step in propose(byte, hundred)]
    ['guard_range(range=[0, 99])']
    """
    ours, theirs = spec.facts, required.facts
    if ours.range is None or theirs.range is None or ours.id_count is not None or theirs.id_count is not None:
        return
    if not is_bound(spec, required) or not can_guard(spec) or "range" not in conflicts(spec, required):
        return
    low, high = max(ours.range[0], theirs.range[0]), min(ours.range[1], theirs.range[1])
    # A sparse tensor holds zeros that are not written: they have to be within the bounds too.
    if low < high and (spec.kind != "sparse" or low <= 0 <= high):
        yield guarding(spec, (low, high))


def can_guard(spec: TensorSpec) -> bool:
    """Whether the values can be compared with ends as they are stored."""
    return spec.dtype in ORDERED and spec.facts.quantization is None


def guarding(spec: TensorSpec, ends: Range, *, is_observed: bool = False) -> Step:
    """The step that asserts these ends, of a spec that `can_guard`; then they are its range.

    With `is_observed` it only asserts what was taken for true before, and needs no permission.
    """
    return Step(
        transform=NAME,
        arguments={"range": ends, "observed": True} if is_observed else {"range": ends},
        result=spec.replace(facts=spec.facts.replace(range=ends)),
        guard=f"every value is from {ends[0]:g} to {ends[1]:g}",
        cost=Cost(guards=1, steps=1),
        reach="element",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """Assertions on the values; none of an end that the dtype cannot pass."""
    low, high = _stored(spec.dtype or "", step.arguments["range"])
    numbers = values_code(spec, value)
    message = f'message="{_message(step)}"'
    lines = []
    if low is not None:
        lines.append(f"tf.debugging.assert_greater_equal({numbers}, tf.constant({low!r}, tf.{spec.dtype}), {message})")
    if high is not None:
        lines.append(f"tf.debugging.assert_less_equal({numbers}, tf.constant({high!r}, tf.{spec.dtype}), {message})")
    return Code(value, tuple(lines))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The value itself. Raises GuardError where a number is out of bounds, or is none."""
    low, high = _stored(spec.dtype or "", step.arguments["range"])

    def checked(array: Array) -> Array:
        numbers = array if array.dtype.kind in "iu" else array.astype("float64")
        is_low = low is not None and not (numbers >= low).all()
        if is_low or (high is not None and not (numbers <= high).all()):
            raise GuardError(_message(step))
        return array

    return map_values(value, checked)


def _message(step: Step) -> str:
    low, high = step.arguments["range"]
    return f"a value is not from {low:g} to {high:g}"


def _stored(dtype: str, ends: Range) -> tuple[Any, Any]:
    """The ends as numbers of the dtype, each the next one outward; None where every number of it is within."""
    kind = DTYPES[dtype]
    if kind.kind != "float":
        low, high = math.ceil(ends[0]), math.floor(ends[1])
        return (None if low <= int(kind.lowest or 0) else low, None if high >= int(kind.highest or 0) else high)
    return _outward(dtype, ends[0], -math.inf), _outward(dtype, ends[1], math.inf)


def _outward(dtype: str, end: float, toward: float) -> float:
    import numpy as np

    with np.errstate(over="ignore"):
        stored = np.asarray(end).astype(numpy_dtype(dtype))
    is_inside = float(stored) > end if toward < 0 else float(stored) < end
    found = float(np.nextafter(stored, np.asarray(toward, stored.dtype)) if is_inside else stored)
    # Written as a constant, and infinity has no literal.
    most = float(DTYPES[dtype].highest or 0.0)
    return min(max(found, -most), most)
