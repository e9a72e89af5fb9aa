"""Line form: in which order the product and the sum of a line are computed, so that the result is nearest.

Each form takes two operations at most. Where the values end is known, the form whose result is off by least
is taken: `(x - mean) / std` is better near the mean, `x * a + b` near zero. A division stands
where it is the exact one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from sigcheck.schema.facts import Range
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.line import Line, held, is_held, shortest, unit
from sigcheck.transforms.parts.transform import Code

# A form that is off by so much more than the best is as good, if it is simpler.
_AS_GOOD = 1.05

# Numbers of so few channels are written out along the axis before, up to so many: TensorFlow's kernels and NumPy's
# loops are fast along long last axes. Measured by tests/benchmarks/adapters.py.
_MOST_CHANNELS = 16
_MOST_WRITTEN = 1 << 16

Numbers = tuple[float, ...]


class Form(NamedTuple):
    """`(value + before) * scale + after`; what is None is left out, `is_division` has it divided by the scale."""

    before: Numbers | None = None
    scale: Numbers | None = None
    after: Numbers | None = None
    is_division: bool = False

    def code(self, spec: TensorSpec, value: str, dtype: str, axis: int | None) -> Code:
        """The TensorFlow code on an expression of values of this dtype, in a tensor of this spec.

        Numbers of several channels have a name and a statement of their own.
        """
        code, lines = value, []

        def named(name: str, numbers: Numbers) -> str:
            written = per_channel(spec, numbers, dtype, axis)
            if len(set(numbers)) == 1:
                return written
            lines.append(f"{name} = {written}")
            return name

        if self.before is not None:
            sign, numbers = _signed(self.before)
            code = f"{code} {sign} {named('shift', numbers)}"
        if self.scale is not None:
            code = f"({code})" if self.before is not None else code
            name, sign = ("divisor", "/") if self.is_division else ("factor", "*")
            code = f"{code} {sign} {named(name, self.scale)}"
        if self.after is not None:
            sign, numbers = _signed(self.after)
            code = f"{code} {sign} {named('offset', numbers)}"
        return Code(code, tuple(lines))

    def __str__(self) -> str:
        """The order of the operations, in words of one letter each."""
        told = "x" if self.before is None else "(x + c)"
        if self.scale is not None:
            told += " / d" if self.is_division else " * a"
        return told if self.after is None else f"{told} + b"


def best_form(given: Line, dtype: str, ends: Range | None, *, is_whole: bool = False) -> Form | None:
    """The form of a line on values of a known range, computed in a float dtype; None where that does not have a number.

    `is_whole` where the values are whole numbers that the dtype has: sums of them with whole ones are exact.

    >>> from sigcheck.transforms.parts.line import line
    >>> [str(best_form(one, "float32", (0, 255))) for one in (line([Fraction(1, 255)]), line([0.5], [-300.25]))]
    ['x / d', 'x * a + b']
    """
    forms = list(_forms(given, dtype))
    if not forms:
        return None
    errors = [_error(form, given, dtype, ends, is_whole=is_whole) for form in forms]
    return next(form for form, error in zip(forms, errors, strict=True) if error <= _AS_GOOD * min(errors))


def _forms(given: Line, dtype: str) -> Iterator[Form]:
    """Yields the forms whose numbers the dtype has, the simplest first."""
    factor, shift = _held(given.factor, dtype), _held(given.shift, dtype)
    if factor is None or shift is None or 0 in factor:
        return
    after = shift if any(shift) else None
    if set(given.factor) == {1}:
        yield Form(after=after)
        return
    divisors = [1 / number for number in given.factor]
    is_exact = all(is_held(number, dtype) for number in divisors) and not all(is_held(a, dtype) for a in given.factor)
    divisor = _held(divisors, dtype) if is_exact else None
    if after is None:
        yield Form(scale=factor) if divisor is None else Form(scale=divisor, is_division=True)
        return
    yield Form(scale=factor, after=after)
    before = _held([b / a for a, b in given.pairs], dtype)
    if divisor is not None:
        yield Form(scale=divisor, after=after, is_division=True)
    if before is not None:
        yield Form(before=before, scale=factor)
    if divisor is not None and before is not None:
        yield Form(before=before, scale=divisor, is_division=True)


def _held(numbers: Sequence[Fraction], dtype: str) -> Numbers | None:
    found = [held(number, dtype) for number in numbers]
    return tuple(number for number in found if number is not None) if None not in found else None


def _error(form: Form, given: Line, dtype: str, ends: Range | None, *, is_whole: bool) -> float:
    """By how much the result is off at most: at the ends of the values, at zero and where the result is zero."""
    worst = 0.0
    for at, (factor, shift) in enumerate(given.pairs):
        zero = -shift / factor
        far = 2 * abs(zero) + 1
        points = (-far, far) if ends is None else (Fraction(ends[0]), Fraction(ends[1]))
        inner = [point for point in (Fraction(0), zero) if points[0] <= point <= points[1]]
        worst = max(worst, *(_error_at(form, at, factor, shift, dtype, point, is_whole) for point in (*points, *inner)))
    return worst


def _error_at(
    form: Form, at: int, factor: Fraction, shift: Fraction, dtype: str, value: Fraction, is_whole: bool
) -> float:
    share, error = unit(dtype), 0.0
    if form.before is not None:
        exact = shift / factor
        is_exact = is_whole and exact.denominator == 1
        value += exact
        error = abs(float(Fraction(form.before[at]) - exact)) + (0.0 if is_exact else share * abs(float(value)))
    if form.scale is not None:
        scale = 1 / Fraction(form.scale[at]) if form.is_division else Fraction(form.scale[at])
        value *= factor
        error = error * abs(float(factor)) + abs(float(value)) * (abs(float(scale / factor - 1)) + share)
    if form.after is not None:
        value += shift
        error += abs(float(Fraction(form.after[at]) - shift)) + share * abs(float(value))
    return error


def _signed(numbers: Numbers) -> tuple[str, Numbers]:
    """The sign by which the numbers are added, and what stands behind it."""
    return ("-", tuple(-number for number in numbers)) if all(number <= 0 for number in numbers) else ("+", numbers)


def per_channel(spec: TensorSpec, numbers: Numbers | tuple[int, ...], dtype: str, axis: int | None) -> str:
    """The numbers as code, shaped to meet their axis, and in a shape in which they are met fast."""
    if axis is None or len(set(numbers)) == 1:
        return repr(shortest(numbers[0], dtype))
    shape = spec.shape or ()
    written = [shortest(number, dtype) for number in numbers]
    behind = len(shape) - axis - 1
    if behind:
        return f"tf.reshape(tf.constant({written}, tf.{dtype}), {[-1, *[1] * behind]})"
    before = shape[axis - 1] if axis else None
    if before is None or before <= 1 or len(numbers) > _MOST_CHANNELS or before * len(numbers) > _MOST_WRITTEN:
        return f"tf.constant({written}, tf.{dtype})"
    return f"tf.tile(tf.constant([{written}], tf.{dtype}), [{before}, 1])"
