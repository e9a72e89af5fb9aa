"""Reports: one output format per file. The catalog below is the whole list.

A format turns values into text and prints nothing; the same values give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sigcheck.reports import json, text
from sigcheck.reports.page import Page
from sigcheck.schema.report import CheckResult
from sigcheck.schema.signature import Model


class Format(Protocol):
    """An output format. Each is a module of this shape."""

    NAME: str

    def render_check(self, result: CheckResult, page: Page = ..., /) -> str:
        """The answer to one check."""

    def render_models(self, models: Sequence[Model], page: Page = ..., /) -> str:
        """The signatures of sources."""


CATALOG: tuple[Format, ...] = (text, json)
FORMATS: dict[str, Format] = {one.NAME: one for one in CATALOG}
