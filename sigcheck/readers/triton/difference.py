"""What a configuration says, and what lies beside it does not."""

from __future__ import annotations

from typing import NamedTuple

from sigcheck.schema.finding import Finding
from sigcheck.schema.signature import Note

RULE = "serving_contradicts_model"


class Beside(NamedTuple):
    """What differs, and what people should know."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
