"""What is a configuration of TensorFlow Serving: a text that begins with its list of models."""

from __future__ import annotations

import re

from sigcheck.encodings.source import Source

NAME = "model_server_config"
ORDER = 13
ACCEPTS = "a configuration of TensorFlow Serving (models.config)"

_CONFIG = ".config"
_HEAD = b"model_config_li"
_LOOKED_AT = 1 << 16
# Comments may stand before it.
_BEGIN = rb"(?:\s*#[^\n]*\n)*\s*model_config_list\s*[:{<]"


def is_named_as_one(source: Source) -> bool:
    """Whether it may be one, by its name or its first bytes."""
    return not source.is_directory and (source.path.suffix == _CONFIG or source.head.lstrip().startswith(_HEAD))


def recognizes(source: Source) -> bool:
    """By how the text begins."""
    if not is_named_as_one(source):
        return False
    with source.content() as content:
        return re.match(_BEGIN, bytes(content[:_LOOKED_AT])) is not None
