"""What is a TFLite file: a flatbuffer with its identifier."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "tflite"
ORDER = 50
ACCEPTS = "a .tflite file"

_IDENTIFIER = b"TFL3"


def recognizes(source: Source) -> bool:
    """Whether the file has the identifier of TFLite. Files of before 2018 have none and are not read."""
    return source.head[4:8] == _IDENTIFIER
