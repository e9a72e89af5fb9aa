"""Stored: the code that stores real numbers as whole ones, in the narrowest dtype that gives each as it should be.

Of 8 bits there are 256 numbers: what each of them becomes is worked out exactly, and what is computed
in float32 is taken only where it cannot round otherwise, a tie only where no operation rounds at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.line import Line, is_held, line, unit
from sigcheck.transforms.parts.line_form import Form, best_form, per_channel
from sigcheck.transforms.parts.transform import Code

# Numbers of 8 bits times so many channels are looked at, some ten microseconds each.
_MOST_CHANNELS = 16
_BYTES = frozenset({"int8", "uint8"})
# Between the two types of 8 bits this distance is one bit, and so is the one back.
_ONE_BIT = 128
# Three operations, each off by a unit at most; twice that, as what XLA joins rounds at other places.
_MOST_ROUNDED = 6


# Factor and shift.
Pair: TypeAlias = tuple[Fraction, Fraction]


class Stored(NamedTuple):
    """How a step stores: the nearest whole number of the line, of two the even one, plus the zero point, in limits.

    The line is in steps of what is stored. There is one zero point, or one for each entry of `axis`.
    """

    given: Line
    zero_point: tuple[int, ...]
    axis: int | None
    low: float
    high: float
    dtype: str

    def store(self, units: Fraction, at: int) -> int:
        """The whole number that is stored for this many steps."""
        zero = self.zero_point[at if len(self.zero_point) > 1 else 0]
        return min(max(round(units) + zero, int(self.low)), int(self.high))

    def is_cut(self, units: Fraction, at: int) -> bool:
        """Whether the nearest whole number is beyond the limits."""
        zero = self.zero_point[at if len(self.zero_point) > 1 else 0]
        return not self.low <= round(units) + zero <= self.high

    def code(self, spec: TensorSpec, real: str, computed: str, *, is_clipped: bool = True) -> str:
        """The TensorFlow code on an expression of the steps, as floats of the computed dtype."""
        code = f"tf.round({real})"
        if any(self.zero_point):
            code = f"{code} + {per_channel(spec, self.zero_point, computed, self.axis)}"
        code = f"tf.clip_by_value({code}, {self.low!r}, {self.high!r})" if is_clipped else code
        return f"tf.cast({code}, tf.{self.dtype})"


@lru_cache(maxsize=64)
def shift_of(given: Line, stored: Stored, dtype: str | None) -> int | None:
    """What is added to each whole number of 8 bits; None where that is not all that is done."""
    if dtype not in _BYTES or len(given.factor) > _MOST_CHANNELS or len(stored.zero_point) > 1:
        return None
    shifts = {
        stored.store(value * factor + shift, at) - value
        for at, (factor, shift) in enumerate(given.pairs)
        for value in _values(dtype)
    }
    return shifts.pop() if len(shifts) == 1 else None


def shift_code(spec: TensorSpec, values: str, shift: int, dtype: str, *, clipped: bool = False) -> str:
    """Whole numbers plus a whole number, as another dtype; `clipped` to its limits where not every sum has a place."""
    limits = DTYPES[dtype]
    if {spec.dtype, dtype} == _BYTES and abs(shift) == _ONE_BIT and not clipped and spec.rank:
        bits = values if spec.dtype == "uint8" else f"tf.bitcast({values}, tf.uint8)"
        flipped = f"tf.bitwise.bitwise_xor({bits}, tf.constant({_ONE_BIT}, tf.uint8))"
        return flipped if dtype == "uint8" else f"tf.bitcast({flipped}, tf.int8)"
    code = values
    if shift:
        # Twice as many bits hold the sum of any two numbers.
        width = min(64, 16 * max(DTYPES[spec.dtype or dtype].bytes, limits.bytes))
        code = f"tf.cast({values}, tf.int{width}) {'+' if shift >= 0 else '-'} {abs(shift)}"
    code = f"tf.clip_by_value({code}, {limits.lowest}, {limits.highest})" if clipped else code
    return f"tf.cast({code}, tf.{dtype})"


def narrow_code(spec: TensorSpec, values: str, given: Line, stored: Stored) -> Code | None:
    """The code in float32 that stores each number of 8 bits as it should be; None where it might not."""
    found = _narrow(spec.dtype, given, stored)
    if found is None:
        return None
    form, axis, own, is_clipped = found
    steps, lines = form.code(spec, f"tf.cast({values}, tf.float32)", "float32", axis)
    return Code(own.code(spec, steps, "float32", is_clipped=is_clipped), lines)


@lru_cache(maxsize=64)
def _narrow(dtype: str | None, given: Line, stored: Stored) -> tuple[Form, int | None, Stored, bool] | None:
    """A form that is sure, the axis of its numbers, what it is stored by, and whether some are beyond the limits.

    The zero point is a part of the sum where no tie is in the way: of a tie it says which number is the even one.
    """
    if dtype not in _BYTES or max(len(given.factor), len(stored.zero_point)) > _MOST_CHANNELS:
        return None
    shifted = given.then(line([1], stored.zero_point, stored.axis))
    for whole, own in ((shifted, stored._replace(zero_point=(0,), axis=None)), (given, stored)):
        form = None if whole is None else best_form(whole, "float32", _ends(dtype), is_whole=True)
        if whole is None or form is None:
            continue
        # Two lines along an axis may be one for all entries together, and zero points differ where steps do not.
        count = max(len(given.factor), len(whole.factor), len(stored.zero_point))
        entries = list(enumerate(zip(_spread(whole, count), _spread(given, count), strict=True)))
        if all(
            _is_sure(form, at, pair, value, stored.store(value * of[0] + of[1], at), own)
            for at, (pair, of) in entries
            for value in _values(dtype)
        ):
            is_clipped = any(
                own.is_cut(value * factor + shift, at)
                for at, ((factor, shift), _) in entries
                for value in _values(dtype)
            )
            return form, whole.axis, own, is_clipped
    return None


def _spread(one: Line, count: int) -> tuple[Pair, ...]:
    """The numbers of a line for each of so many entries."""
    return one.pairs * (count if len(one.pairs) == 1 else 1)


def _is_sure(form: Form, at: int, pair: Pair, value: int, wanted: int, own: Stored) -> bool:
    """Whether the form rounds to what is to be stored, whatever its operations round to."""
    units = value * pair[0] + pair[1]
    if own.store(units, at) != wanted:
        return False
    distance = abs(units - units.__floor__() - Fraction(1, 2))
    most = float(max(abs(value * pair[0]), abs(pair[1]), Fraction(1)))
    return distance > _MOST_ROUNDED * unit("float32") * most or (distance == 0 and _is_exact(form, at, value, units))


def _is_exact(form: Form, at: int, value: int, units: Fraction) -> bool:
    """Whether no operation of the form rounds, and none of its numbers was rounded before."""
    found = Fraction(value)
    if form.before is not None:
        found += Fraction(_number(form.before, at))
        if not is_held(found, "float32"):
            return False
    if form.scale is not None:
        scale = Fraction(_number(form.scale, at))
        found = found / scale if form.is_division else found * scale
        if not is_held(found, "float32"):
            return False
    return found + (0 if form.after is None else Fraction(_number(form.after, at))) == units


def _number(numbers: Sequence[float], at: int) -> float:
    """That of an entry, where one may stand for all."""
    return numbers[at if len(numbers) > 1 else 0]


def _values(dtype: str | None) -> range:
    low, high = _ends(dtype)
    return range(int(low), int(high) + 1)


def _ends(dtype: str | None) -> tuple[float, float]:
    limits = DTYPES[dtype or "int8"]
    return float(limits.lowest or 0), float(limits.highest or 0)
