"""Numerals: which values are written as the text of a number, and what TensorFlow reads as one."""

from __future__ import annotations

import re

from sigcheck.schema.dtype import DType
from sigcheck.transforms.parts.array import GuardError

# Meanings of which a string can only be the writing of a number.
NUMERIC_MEANINGS = frozenset({"logits", "log_probabilities", "probabilities", "class_ids", "token_ids", "lengths"})

# Compiled where they are used: many more kinds of steps are loaded than taken.
WHOLE = rb"\s*[+-]?\d+\s*"
_DECIMAL = rb"(?i)\s*[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?\s*|\s*[+-]?0x[\da-f]+\s*|\s*[+-]?(inf|infinity|nan)\s*"


def parse_number(text: bytes, dtype: DType) -> float | int:
    """The number that a text writes out, as `tf.strings.to_number` reads it. Raises GuardError where it is none."""
    is_whole = dtype.kind != "float"
    if not re.fullmatch(WHOLE if is_whole else _DECIMAL, text):
        raise GuardError(f"{text!r:.40} is no number")
    number = int(text) if is_whole else float.fromhex(text.decode()) if b"0x" in text.lower() else float(text)
    if is_whole and not (dtype.lowest or 0) <= number <= (dtype.highest or 0):
        raise GuardError(f"{number} does not fit in {dtype.name}")
    return number
