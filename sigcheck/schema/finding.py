"""A finding: one mismatch, where it is, how bad it is, and its cure."""

from __future__ import annotations

from typing import Literal

from sigcheck.schema.value import MadeValue

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("note", "warning", "error")


class Finding(MadeValue):
    """`place` is the name of an input or output; the specs are as people read them.

    `message` says what is; `help` says what to do. `required` and `provided` are the
    whole endpoints (`name: spec`) where the finding is about a pair of them.
    """

    rule: str
    level: Level
    place: str
    message: str
    help: str
    required: str | None = None
    provided: str | None = None
