"""Numerals: which values are written as the text of a number."""

from __future__ import annotations

# Meanings of which a string can only be the writing of a number.
NUMERIC_MEANINGS = frozenset({"logits", "log_probabilities", "probabilities", "class_ids", "token_ids", "lengths"})
