"""What is metadata of TensorFlow Serving: a JSON object with signatures by their keys."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "serving_metadata"
# Before the signature file, which is JSON too.
ORDER = 62
ACCEPTS = "the metadata of a model in TensorFlow Serving (.json)"

# The signatures of ten thousand tensors take two megabytes; of what is larger no more is looked at.
MOST_BYTES = 4 << 20


def recognizes(source: Source) -> bool:
    """A JSON object that has signatures as the protobuf message `SignatureDefMap` does."""
    return source.has_key("signature_def", MOST_BYTES)
