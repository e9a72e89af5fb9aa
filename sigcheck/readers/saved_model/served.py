"""Served: the version that a folder of numbered SavedModels stands for, as TensorFlow Serving takes it."""

from __future__ import annotations

from sigcheck.encodings.source import Source
from sigcheck.readers.saved_model.versions import versions_in, with_selector
from sigcheck.schema.selection import parse_selector

NAME = "saved_model"
ORDER = 20


def served(source: Source) -> Source | None:
    """The greatest version, or that of `base/#@3`; None where it is no folder of versions."""
    if not source.is_directory:
        return None
    found = versions_in(source)
    if not found:
        return None
    said = parse_selector(source.selector)
    number = int(said.tags[0]) if said.tags and len(said.tags) == 1 and said.tags[0].isdecimal() else None
    return with_selector(found[number], said.key) if number is not None and number in found else found[max(found)]
