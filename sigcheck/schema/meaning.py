"""Meanings: the words for what the values of a tensor are, and which of them are alike."""

from __future__ import annotations

from typing import Literal, get_args

# The bytes of numbers, one after the other, the least significant of each first; of `be` the most significant.
Raw = Literal[
    "raw_uint8",
    "raw_int8",
    "raw_uint16",
    "raw_int16",
    "raw_int32",
    "raw_int64",
    "raw_float16",
    "raw_float32",
    "raw_float64",
    "raw_uint16_be",
    "raw_int16_be",
    "raw_int32_be",
    "raw_int64_be",
    "raw_float16_be",
    "raw_float32_be",
    "raw_float64_be",
]
# Meanings that only strings have.
Textual = Literal[
    "bytes",
    "base64",
    "base64_url",
    "encoded_image",
    "serialized_example",
    "serialized_sequence_example",
    "serialized_tensor",
    "wav",
    "csv",
    Raw,
]
Meaning = Literal[
    "logits",
    "log_probabilities",
    "probabilities",
    "class_ids",
    "token_ids",
    "pixels",
    "embedding",
    "lengths",
    "mask",
    Textual,
]

RAW: frozenset[str] = frozenset(get_args(Raw))
TEXTUAL: frozenset[str] = frozenset(get_args(Textual))
# Meanings of strings that are serialized Examples, or bytes and texts for them.
HOLDING_FEATURES: frozenset[str] = frozenset(
    {"bytes", "base64", "base64_url", "serialized_example", "serialized_sequence_example"}
)
# Meanings whose values name or count things: never rescaled, only bounded; a mask's are if both sides say its ends.
CATEGORICAL: frozenset[str] = frozenset({"class_ids", "token_ids", "lengths", "mask"})
