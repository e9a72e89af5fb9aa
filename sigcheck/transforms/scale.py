"""Scale: map one value range onto another, end to end.

## What it does
Shifts and stretches the values so that the ends of the producer's range become those of the
consumer's, or of the range that the consumer's normalization or quantization is meant for.
Computed in float32 or float64: in float16 a value past 65504 would be infinite before it is
scaled.

## Example
    x / 255.0    float32[?, 8], range [0, 255] -> float32[?, 8], range [0, 1]

## What it loses or assumes
Rounding. Nothing is assumed: offered only where both ranges are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache, partial

from sigcheck.schema.agreement import conflicts, is_bound, raw_range
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Range
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.computed_filling import filled_as_computed
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.line import Line, line
from sigcheck.transforms.parts.padding import forgets_padding, is_filled_last
from sigcheck.transforms.parts.transform import Code, over_values, values_code

NAME = "scale"
ORDER = 70
SETTLES: Coordinates = frozenset({"encoding", "meaning"})
READS: Coordinates = frozenset({"kind", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"encoding", "padding"})

# Probabilities as the functions of them take them, and what these functions give.
_SHARES: Range = (0.0, 1.0)
_OF_SHARES = frozenset({"logits", "log_probabilities"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the map onto the required range, or onto the one that a normalization is meant for.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> pixels = TensorSpec(dtype="float32", shape=(None, 3), facts=Facts(range=(0, 255)))
    >>> unit = TensorSpec(dtype="float32", shape=(None, 3), facts=Facts(range=(0, 1)))
    >>> [str(step) for step in propose(pixels, unit)]
    ['scale(from=[0, 255], to=[0, 1])']
    """
    if spec.dtype not in COMPUTE_DTYPES or spec.facts.range is None or spec.facts.quantization is not None:
        return
    target = _target(spec, required)
    # The gaps of a sparse tensor are zeros, and stay so where a zero does.
    if not is_filled_last(spec, required) and (required.kind == "dense" or not _keeps_zero(spec.facts.range, target)):
        return
    if target is None or target == spec.facts.range or not _is_finite(spec, target):
        return
    scaled = spec.replace(facts=spec.facts.replace(range=target))
    result = filled_as_computed(spec, scaled, required, partial(_line, spec.facts.range, target))
    if forgets_padding(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={"from": spec.facts.range, "to": target},
        result=result,
        loss="rounding",
        cost=Cost(rounding=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="element",
    )


def _target(spec: TensorSpec, required: TensorSpec) -> Range | None:
    """The range that is wanted next, if any."""
    pending = conflicts(spec, required)
    if "meaning" in pending:
        # Ranges of two meanings are not compared. Functions of probabilities are of those from 0 to 1.
        is_share = spec.facts.meaning == "probabilities" and required.facts.meaning in _OF_SHARES
        return _SHARES if is_share and spec.facts.normalization is None else None
    if "range" in pending and not is_bound(spec, required):
        return required.facts.range
    if "normalization" in pending and spec.facts.normalization is None:
        return raw_range(spec.facts, required.facts) or required.facts.range
    return None


def _keeps_zero(ends: Range, target: Range | None) -> bool:
    (low, high), (to_low, to_high) = (tuple(map(Fraction, one or (0, 0))) for one in (ends, target))
    return low * to_high == high * to_low


def _is_finite(spec: TensorSpec, target: Range) -> bool:
    low, high = spec.facts.range or (0.0, 1.0)
    highest = DTYPES[spec.dtype or "float32"].highest or 0
    factor = (target[1] - target[0]) / (high - low)
    return high - low <= highest and target[1] - target[0] <= highest and 1 / highest < factor < highest


def line_of(spec: TensorSpec, step: Step) -> Line:
    """What it does to each number."""
    # A plan of the cache has lists.
    return _line(tuple(step.arguments["from"]), tuple(step.arguments["to"]))


# Few ranges are in use, and fractions take long.
@lru_cache(maxsize=256)
def _line(ends: Range, to: Range) -> Line:
    (low, high), (to_low, to_high) = (tuple(map(Fraction, one)) for one in (ends, to))
    factor = (to_high - to_low) / (high - low)
    return line([factor], [to_low - low * factor])


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """Shift, divide or multiply, shift: as people write it, so `x / 127.5 - 1.0`."""
    (low, high), (to_low, to_high) = step.arguments["from"], step.arguments["to"]
    expression = values_code(spec, value) if spec.kind == "sparse" else value
    # Two shifts are one: a value near the middle would lose its digits between them.
    after_low = to_low - low * ((to_high - to_low) / (high - low)) if low != 0 and to_low != 0 else to_low
    if low != 0 and to_low == 0:
        expression = f"({expression} {_signed(-low)})"
    # Dividing by a whole divisor gives the exact upper end; its inverse as a factor need not.
    before, after = high - low, to_high - to_low
    if before > after:
        expression = f"{expression} / {before / after!r}"
    elif after > before:
        expression = f"{expression} * {after / before!r}"
    if after_low != 0:
        expression = f"{expression} {_signed(after_low)}"
    return over_values(spec, step.result, value, expression)


def added(step: Step) -> tuple[float, float]:
    """What is added to the values before and after the stretching: results are off by units of these, however small.

    Of [-128, 127] to [-1, 1], the value 0 becomes 128 / 127.5 - 1: its digits are those of 1.
    """
    (low, _), (to_low, _) = step.arguments["from"], step.arguments["to"]
    return abs(low), abs(to_low)


def _signed(number: float) -> str:
    return f"+ {number!r}" if number >= 0 else f"- {-number!r}"


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The straight line through both pairs of ends, in float64, rounded once."""
    import numpy as np

    (low, high), (to_low, to_high) = step.arguments["from"], step.arguments["to"]

    def line(array: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            share = (array.astype(np.float64) - low) / (high - low)
            mapped: Array = (share * (to_high - to_low) + to_low).astype(array.dtype, copy=False)
        return mapped

    return map_values(value, line)
