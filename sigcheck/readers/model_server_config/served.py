"""Served: the model that `models.config#NAME` stands for, or `#NAME@3` and `#NAME@stable` for one of its versions."""

from __future__ import annotations

from sigcheck.encodings.source import Source
from sigcheck.readers.model_server_config.models import chosen, find, read_configs
from sigcheck.readers.model_server_config.recognize import recognizes
from sigcheck.readers.version_folder import with_selector
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import SourceError
from sigcheck.schema.selection import parse_selector


def served_model(source: Source) -> Source | None:
    """The version that is meant; None where the file is no configuration, names none, or is broken: reading tells."""
    try:
        with bounded(source.place):
            return located(source) if recognizes(source) else None
    except (SourceError, OSError, ValueError, LookupError):
        return None


def located(source: Source) -> Source | None:
    """The version that is meant; None where there are several models and none is named.

    Raises ValueError or KeyError where the file is broken, or what it names is not there.
    """
    configs = read_configs(source)
    said = parse_selector(source.selector)
    if said.key is None and len(configs) > 1:
        return None
    config = chosen(configs, said.key if said.key is not None else next(iter(configs)))
    version = find(source, config).version(said.tags[0] if said.tags else None)
    return with_selector(version, None)
