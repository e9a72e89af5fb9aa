"""Versions: the numbered versions of a model that lie in one folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sigcheck.encodings.source import Source
from sigcheck.readers.saved_model.recognize import BINARY, TEXT


def versions_in(folder: Source) -> Mapping[int, Source]:
    """The versions in a folder by their numbers; none where it is a model itself.

    Serving takes a folder whose name is a number above 0 (tensorflow_serving/sources/storage_path).
    """
    if folder.has(BINARY) or folder.has(TEXT):
        return {}
    numbers = sorted(int(name) for name in folder.names() if name.isascii() and name.isdecimal() and name[0] != "0")
    return {one: child for one in numbers if (child := folder.child(str(one))) is not None and child.has(BINARY)}


def with_selector(source: Source, key: str | None) -> Source:
    """The source with another selector."""
    place = source.text.removesuffix(f"#{source.selector}") if source.selector else source.text
    return replace(source, selector=key, text=f"{place}#{key}" if key else place)
