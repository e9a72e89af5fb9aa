"""Elsewhere: another signature that would do where the one that is meant does not."""

from __future__ import annotations

from sigcheck.schema.plan import Verdict
from sigcheck.schema.value import Value


class Elsewhere(Value):
    """The source as one names it, with its key, and the verdict that it would get."""

    source: str
    verdict: Verdict
