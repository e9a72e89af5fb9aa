"""Casting: what giving values in another dtype loses, keeps and forgets."""

from __future__ import annotations

import math
from typing import NamedTuple

from sigcheck.schema.cost import Loss
from sigcheck.schema.dtype import DTYPES, DType
from sigcheck.schema.facts import Facts, Padding, Range
from sigcheck.schema.id_agreement import id_limits
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.stored_values import stored_range
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import is_of_raw_values, value_range
from sigcheck.transforms.parts.filling import pad_value
from sigcheck.transforms.parts.kernels import CAST, ORDERED
from sigcheck.transforms.parts.quantization import cut

# Conversions of values are computed in these: narrower floats lose what the conversion needs.
COMPUTE_DTYPES = ("float32", "float64")
# Of kinds of dtype, those whose values are whole numbers.
WHOLE_KINDS = {"int", "uint", "bool"}


class Conversion(NamedTuple):
    """What a cast does to values: its loss, and whether it needs a guard on them.

    `is_kept` where the guard is that every value is kept as it is, not only that it fits.
    """

    loss: Loss
    is_guarded: bool = False
    is_kept: bool = False


def convert(spec: TensorSpec, target: str, *, has_names: bool = False) -> Conversion | None:
    """What casting values of the spec to the target loses; None where TensorFlow has no cast.

    `has_names` where the consumer takes them for ids, lengths or a mask: then none is rounded, whoever they are.
    """
    if spec.dtype not in CAST or target not in CAST:
        return None
    source, to = DTYPES[spec.dtype or "variant"], DTYPES[target]
    if target.startswith("float8") and source.kind != "float":
        return None
    found = _convert_whole(spec, source, to) if source.kind in WHOLE_KINDS else _convert_float(spec, source, to)
    is_kept = is_naming(spec) or (has_names and found is not None and found.loss == "rounding")
    if found is None or found.loss == "exact" or not is_kept or to.kind not in {"float", "int", "uint"}:
        return found
    return Conversion("exact", is_guarded=True, is_kept=True) if spec.dtype in ORDERED else None


def is_naming(spec: TensorSpec) -> bool:
    """Whether the values name or count things, so that the nearest value is another thing."""
    return spec.facts.meaning in CATEGORICAL or spec.facts.id_count is not None


def _convert_float(spec: TensorSpec, source: DType, to: DType) -> Conversion | None:
    known = value_range(spec.facts)
    is_beyond = known is not None and not holds(to, *known)
    is_left = is_beyond and to.kind != "bool" and not is_naming(spec)
    if to.kind in WHOLE_KINDS and (is_left or leaves_nothing(spec)):
        # What becomes of a float beyond the limits is up to the processor: saturating_cast says it.
        return None
    if to.kind == "bool" and spec.facts.meaning == "mask" and source.kind == "float":
        # Of a soft mask each share above 0 would be all of it.
        return Conversion("exact", is_guarded=True, is_kept=True) if spec.dtype in ORDERED else None
    if to.kind in WHOLE_KINDS or (source.kind == "complex" and to.kind != "complex"):
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


def leaves_nothing(spec: TensorSpec) -> bool:
    """Whether whole numbers have none of the values but the ends: shares of one would all become zeros, or all be true.

    Probabilities are, whatever range is declared of others.

    >>> of = TensorSpec(dtype="float32", shape=(None,))
    >>> shares, bytes_ = (of.replace(facts=Facts(range=(0, high))) for high in (1, 255))
    >>> leaves_nothing(shares), leaves_nothing(bytes_), leaves_nothing(of.replace(facts=Facts(meaning="probabilities")))
    (True, False, True)
    """
    facts = spec.facts
    if DTYPES[spec.dtype or "variant"].kind != "float" or facts.quantization is not None or is_naming(spec):
        return False
    known = value_range(facts)
    if known is None:
        return facts.meaning == "probabilities" and facts.normalization is None
    return known[0] >= -1 and known[1] <= 1


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
        facts = facts.replace(range=cut(facts, target, facts.quantization))
    elif facts.range is not None and not holds(to, *facts.range):
        # The raw values may lie outside of what the type has, but none has a range that is of no real numbers.
        is_kept = is_of_raw_values(facts) and to.lowest is not None
        facts = facts if is_kept else facts.replace(range=_kept_range(facts.range, to))
    elif facts.range is None and facts.meaning == "mask" and spec.dtype == "bool" and holds(to, 0, 1):
        # As a number, what is true is 1, and the consumer may mark with another one.
        facts = facts.replace(range=(0.0, 1.0))
    if facts.padding is not None:
        value = pad_value(target, facts.padding.value)
        facts = facts.replace(padding=None if value is None else Padding(value=value, side=facts.padding.side))
    return facts


def _kept_range(ends: Range, to: DType) -> Range | None:
    """What is left of a range in whole numbers, of which those beyond the limits are refused or cut off."""
    low, high = max(ends[0], float(to.lowest or 0)), min(ends[1], float(to.highest or 0))
    return (low, high) if to.kind in {"int", "uint"} and low < high else None


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
