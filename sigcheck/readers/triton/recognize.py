"""What is a model of a Triton repository: a folder with a `config.pbtxt`, or such a configuration, as text or JSON."""

from __future__ import annotations

from sigcheck.encodings.source import Source
from sigcheck.readers.triton.place import CONFIG

NAME = "triton"
# Before the frozen graph, which may be a .pbtxt file, and before what is JSON.
ORDER = 12
ACCEPTS = "a configuration of Triton (config.pbtxt)"

_LOOKED_AT = 1 << 16


def recognizes(source: Source) -> bool:
    """By the name of the file; of another .pbtxt or JSON file by the types, which no other format names so."""
    if source.is_directory:
        return source.has(CONFIG)
    if source.path.name == CONFIG:
        return True
    if source.path.suffix != ".pbtxt" and not is_json(source):
        return False
    with source.content() as content:
        begin = bytes(content[:_LOOKED_AT])
    return b"data_type" in begin and b"TYPE_" in begin


def is_json(source: Source) -> bool:
    """Whether it is what a server answers with, and no text that a person wrote."""
    return source.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
