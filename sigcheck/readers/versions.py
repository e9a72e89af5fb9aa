"""Versions: a folder of numbered SavedModels, as TensorFlow Serving takes it, stands for one of them."""

from __future__ import annotations

from dataclasses import replace

from sigcheck.encodings.source import Source
from sigcheck.schema.selection import parse_selector


def served_version(source: Source) -> Source:
    """The version that is meant: the greatest, or that of `base/#@3`; the source itself where it is no such folder.

    Serving takes a folder whose name is a number above 0 (tensorflow_serving/sources/storage_path).
    """
    if not source.is_directory:
        return source
    # An entry, which is loaded for what may be of its format only.
    from sigcheck.readers.saved_model.recognize import BINARY, TEXT

    if source.has(BINARY) or source.has(TEXT):
        return source
    versions = sorted(int(name) for name in source.names() if name.isascii() and name.isdecimal() and name[0] != "0")
    found = {one: child for one in versions if (child := source.child(str(one))) is not None and child.has(BINARY)}
    if not found:
        return source
    said = parse_selector(source.selector)
    number = int(said.tags[0]) if said.tags and len(said.tags) == 1 and said.tags[0].isdecimal() else None
    if number not in found:
        return found[max(found)]
    child = found[number]
    place = child.text.removesuffix(f"#{child.selector}")
    return replace(child, selector=said.key, text=f"{place}#{said.key}" if said.key else place)
