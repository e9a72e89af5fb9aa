"""Filling: what short rows and axes are filled up with."""

from __future__ import annotations

import math

from sigcheck.schema.dtype import DTYPES, rounded
from sigcheck.schema.facts import NOT_A_NUMBER, Filler, Padding, PaddingSide
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.padding import Filling

# Up to here floats have all whole numbers.
_MOST_WHOLE = 2**53


def choose_filling(spec: TensorSpec, required: TensorSpec, filling: Filling) -> Filling:
    """The padding that is declared, else the filling; its value is None where it does not fit the type.

    Without a preference it is zero, which a quantized tensor stores as its zero point.
    """
    declared = declared_padding(spec, required)
    chosen = filling if declared is None else Filling(declared.value, declared.side)
    stored = spec.facts.quantization
    if chosen.value is None and stored is not None:
        zeros = set(stored.zero_point)
        return Filling(pad_value(spec.dtype, zeros.pop()) if len(zeros) == 1 else None, chosen.side)
    value = pad_value(spec.dtype, chosen.value)
    count = required.facts.id_count
    if declared is None and count is not None and not isinstance(value, str) and (value or 0) > count:
        # Neither an id of the consumer nor the first one behind them, which marks that there is none.
        return Filling(None, chosen.side)
    return Filling(value if value is not None and is_kept(value, spec, required) else None, chosen.side)


def is_kept(value: Filler, spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether a filling is the same number in the type that rows have now and in the one that is required.

    >>> from sigcheck.schema.notation import parse_spec
    >>> narrow, wide = parse_spec("bfloat16[?, 6]"), parse_spec("float32[?, 6]")
    >>> is_kept(-50000, narrow, wide), is_kept(-1, narrow, wide), is_kept(0.1, wide, wide)
    (False, True, True)
    """
    if isinstance(value, str) or math.isnan(value):
        return True
    return rounded(value, spec.dtype) == rounded(value, required.dtype)


def declared_padding(spec: TensorSpec, required: TensorSpec) -> Padding | None:
    """What a side declares to fill short rows: the consumer, else the producer, whose rows are filled so already."""
    return required.facts.padding or spec.facts.padding


def mask_padding(required: TensorSpec, side: PaddingSide) -> Padding | None:
    """What a mask that has ones where values are is filled with, where the consumer says what its own is filled with.

    Nothing where it does not say: zeros behind the ones are then no more than what a mask is.
    """
    return None if required.facts.padding is None else Padding(value=0, side=side)


def is_other_sense(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether of two masks one has its ones where the rows are filled up, and the other has not.

    Filling such a mask anew would give it ones wherever a row is: what is needed is its opposite.

    >>> from sigcheck.schema.facts import Facts
    >>> zeros, ones = (
    ...     TensorSpec(dtype="int32", shape=(None, 9), facts=Facts(meaning="mask", padding=Padding(value=value)))
    ...     for value in (0, 1)
    ... )
    >>> is_other_sense(zeros, ones), is_other_sense(ones, ones)
    (True, False)
    """
    ours, theirs = spec.facts.padding, required.facts.padding
    if "mask" not in {spec.facts.meaning, required.facts.meaning} or ours is None or theirs is None:
        return False
    return (ours.value == 1) != (theirs.value == 1)


def pad_value(dtype: str | None, wanted: Filler | None) -> Filler | None:
    """The value to pad with: the wanted one, else the type's zero; None where it does not fit the type."""
    if dtype not in MOVED:
        return None
    kind = DTYPES[dtype or "variant"].kind
    zero: Filler = "" if kind == "string" else False if kind == "bool" else 0
    value = zero if wanted is None else wanted
    if kind == "string":
        return value if isinstance(value, str) else None
    if isinstance(value, str):
        return math.nan if kind == "float" and value == NOT_A_NUMBER else None
    if kind == "bool":
        return bool(value) if value in {0, 1} else None
    if kind in {"int", "uint"}:
        limits = DTYPES[dtype or "variant"]
        fits = float(value).is_integer() and (limits.lowest or 0) <= value <= (limits.highest or 0)
        return int(value) if fits else None
    highest = DTYPES[dtype or "variant"].highest
    is_held = highest is None or abs(value) <= highest
    # Beyond these no array of the narrower floats takes a whole number.
    is_whole = float(value).is_integer() and abs(value) <= _MOST_WHOLE
    return None if not is_held else int(value) if is_whole else float(value)


def filler_code(dtype: str | None, filler: Filler) -> str:
    """The code of a filling, in its type.

    >>> filler_code("string", "[PAD]"), filler_code("float32", math.nan)
    ("tf.constant('[PAD]', tf.string)", 'tf.constant(float("nan"), tf.float32)')
    """
    return f"tf.constant({filler_literal(filler)}, tf.{dtype})"


def filler_literal(filler: Filler | bytes) -> str:
    """A filling as Python has it: NaN has no literal."""
    return 'float("nan")' if isinstance(filler, float) and math.isnan(filler) else repr(filler)
