"""What is metadata of the Open Inference Protocol: a JSON object whose tensors have a `datatype`."""

from __future__ import annotations

from sigcheck.encodings.json_message import MAX_JSON_BYTES
from sigcheck.encodings.source import Source

NAME = "kserve"
# Before the signature file, which is JSON too.
ORDER = 64
ACCEPTS = "the metadata of a served model (Open Inference Protocol)"


def recognizes(source: Source) -> bool:
    """A JSON object with the one word that no other format has for the type of a tensor."""
    if source.is_directory or source.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return False
    with source.content() as content:
        return b'"datatype"' in bytes(content[:MAX_JSON_BYTES])
