"""The base of every value that a stage passes to the next."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION: Literal[1] = 1


class Value(BaseModel):
    """Frozen, and strict about unknown fields: a typing mistake must not pass unread."""

    # Validators are built when a class is first used: `show` needs no plans, and pays for none.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
