"""What is metadata of TensorFlow Serving: a JSON object with signatures by their keys."""

from __future__ import annotations

from sigcheck.encodings.json_message import MAX_JSON_BYTES
from sigcheck.encodings.source import Source

NAME = "serving_metadata"
# Before the signature file, which is JSON too.
ORDER = 62
ACCEPTS = "the metadata of a model in TensorFlow Serving (.json)"


def recognizes(source: Source) -> bool:
    """A JSON object that has signatures as the protobuf message `SignatureDefMap` does."""
    if source.is_directory or source.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return False
    with source.content() as content:
        return b'"signature_def"' in bytes(content[:MAX_JSON_BYTES])
