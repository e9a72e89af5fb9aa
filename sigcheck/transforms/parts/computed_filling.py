"""Computed filling: what fills rows once all numbers were scaled and shifted in floats, where it can still be found.

A filling is found by equality. One that is not computed exactly is another number than any that is declared, if only
by its last digit; and where values come near it, rounding may make one of them equal to it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import NOT_A_NUMBER, Padding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import value_range
from sigcheck.transforms.parts import rows
from sigcheck.transforms.parts.line import Line, is_held

# The coarsest float that values are converted in, and the share of the numbers by which its results are off at most:
# a unit in the last place of each of a few sums and products.
_COARSEST = "float32"
_OFF = Fraction(1, 2**20)

_LARGEST = sys.float_info.max

# A batch, its rows, and the numbers of an entry.
_ENTRIES = 3


def filled_as_computed(
    spec: TensorSpec, result: TensorSpec, required: TensorSpec, given: Callable[[], Line]
) -> TensorSpec:
    """The result of a line on all numbers of the spec, with what then fills its rows.

    It is None where it is not known any more, or could not be found by who asks for it.

    Where no padding is required nobody looks for it: a whole number that is not computed exactly is said by its last
    digit.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.transforms.parts.line import line
    >>> anything = TensorSpec(dtype="float32", shape=(4,))
    >>> filled = (anything.replace(facts=Facts(padding=Padding(value=value))) for value in (-0.5, -0.1))
    >>> [filled_as_computed(one, one, anything, lambda: line([10])).facts.padding.value for one in filled]
    [-5.0, -0.9999999999999999]
    """
    if spec.facts.padding is None:
        return result
    return result.replace(facts=result.facts.replace(padding=_computed(spec, result, required, given)))


def _computed(spec: TensorSpec, result: TensorSpec, required: TensorSpec, given: Callable[[], Line]) -> Padding | None:
    padding = spec.facts.padding
    if padding is None or padding.value == NOT_A_NUMBER:
        # Whatever is done to it, it is no number.
        return padding
    lines = given()
    if isinstance(padding.value, str) or len(lines.factor) > 1:
        return None
    (factor, shift), value = lines.pairs[0], Fraction(padding.value)
    exact = value * factor + shift
    if abs(exact) > _LARGEST:
        return None
    is_exact, number = _is_exact(value, factor, shift), float(exact)
    after = Padding(value=number, side=padding.side)
    if required.facts.padding is None:
        is_mistaken = not is_exact and number.is_integer()
        return Padding(value=math.nextafter(number, math.inf), side=padding.side) if is_mistaken else after
    # As it is required, nobody changes it any more.
    is_last = after == required.facts.padding and not VALUE_FACTS.intersection(conflicts(result, required))
    is_found = is_last or not _has_rows(spec, required) or _is_apart(spec, value, factor, shift)
    return after if is_exact and is_found else None


def _is_exact(value: Fraction, factor: Fraction, shift: Fraction) -> bool:
    """Whether floats have all numbers of the line, and all that is computed of the value, in whichever order."""
    before = shift / factor
    if not all(is_held(one, _COARSEST) for one in (value, before, shift, value + before, value * factor + shift)):
        return False
    # Nothing, times whatever is near the factor, is nothing.
    return 0 in {value, value + before} or (is_held(factor, _COARSEST) and is_held(value * factor, _COARSEST))


def _has_rows(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether rows may be told from what fills them after the line: then it must be no value's."""
    numbers = required.facts.normalization
    is_left = spec.rank == _ENTRIES and numbers is not None and len(numbers.mean) > 1
    return rows.row_axis(spec) is not None or rows.are_named(spec) or is_left


def _is_apart(spec: TensorSpec, value: Fraction, factor: Fraction, shift: Fraction) -> bool:
    """Whether no value can be rounded onto what the value becomes: it lies far enough outside of their range.

    Whole numbers of few digits are all apart.
    """
    dtype = DTYPES[spec.dtype or "variant"]
    if dtype.kind in {"int", "uint"}:
        return (dtype.highest or math.inf) < 1 / _OFF
    ends = value_range(spec.facts)
    if ends is None:
        return False
    low, high = map(Fraction, ends)
    reached = abs(shift) + abs(factor) * max(abs(low), abs(high), abs(value))
    return abs(factor) * max(low - value, value - high) > _OFF * reached
