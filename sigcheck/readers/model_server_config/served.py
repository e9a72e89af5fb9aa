"""Served: the model that `models.config#NAME` stands for, or `#NAME@3` and `#NAME@stable` for one of its versions."""

from __future__ import annotations

from sigcheck.encodings.source import Source
from sigcheck.readers.model_server_config.recognize import is_named_as_one, recognizes
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import SourceError

NAME = "model_server_config"
ORDER = 10


def served(source: Source) -> Source | None:
    """The version that is meant; None where the file is no configuration, names none, or is broken: reading tells."""
    if not is_named_as_one(source):
        return None
    # Each file is asked for it, and few are one.
    from sigcheck.readers.model_server_config.models import located

    try:
        with bounded(source.place):
            return located(source) if recognizes(source) else None
    except (SourceError, OSError, ValueError, LookupError):
        return None
