"""What a configuration says, and what lies beside it does not.

A name that a configuration says is one entry of a folder that the user named, never a path.
"""

from __future__ import annotations

from typing import NamedTuple

from sigcheck.encodings.source import Source
from sigcheck.schema.finding import Finding
from sigcheck.schema.signature import Note

RULE = "serving_contradicts_model"


class Beside(NamedTuple):
    """What differs, and what people should know."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()


def entry(folder: Source, name: str) -> Source | None:
    """The entry of a folder that a configuration names; None where it is none, or no plain name."""
    is_plain = bool(name) and not name.startswith(".") and not set(name) & set("/\\\0:")
    return folder.child(name) if is_plain else None
