"""What is metadata of the Open Inference Protocol: a JSON object whose tensors have a `datatype`."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "kserve"
# Before the signature file, which is JSON too.
ORDER = 64
ACCEPTS = "the metadata of a served model (Open Inference Protocol)"

# Answers of servers are smaller; of what is larger no more is looked at.
MOST_BYTES = 4 << 20


def recognizes(source: Source) -> bool:
    """A JSON object with the one word that no other format has for the type of a tensor."""
    return source.has_key("datatype", MOST_BYTES)
