"""Reports: one output format per file. The catalogs below are the whole lists.

A format turns values into text and prints nothing; the same values give the same bytes.
Those for continuous integration tell findings only: they have nothing to say of a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sigcheck.reports import github, gitlab, json, junit, markdown, sarif, text
from sigcheck.reports.page import Page
from sigcheck.schema.report import ChainResult, CheckResult
from sigcheck.schema.signature import Model

if TYPE_CHECKING:
    from sigcheck.schema.project import LintResult
    from sigcheck.schema.upgrade import DiffResult


class Format(Protocol):
    """An output format. Each is a module of this shape."""

    NAME: str

    def render_check(self, result: CheckResult, page: Page = ..., /) -> str:
        """The answer to one check."""


class ModelFormat(Format, Protocol):
    """A format that tells models too."""

    def render_models(self, models: Sequence[Model], page: Page = ..., /) -> str:
        """The signatures of sources."""


class ProjectFormat(Format, Protocol):
    """A format that tells lints and diffs too."""

    def render_lint(self, result: LintResult, page: Page = ..., /) -> str:
        """The answer to one lint."""

    def render_diff(self, result: DiffResult, page: Page = ..., /) -> str:
        """The answer to one diff."""


class ChainFormat(Format, Protocol):
    """A format that tells chains too."""

    def render_chain(self, result: ChainResult, page: Page = ..., /) -> str:
        """The answer to the check of a pipeline of more than two models."""


CATALOG: tuple[Format, ...] = (text, json, github, gitlab, sarif, junit, markdown)
FORMATS: dict[str, Format] = {one.NAME: one for one in CATALOG}

MODEL_CATALOG: tuple[ModelFormat, ...] = (text, json)
MODEL_FORMATS: dict[str, ModelFormat] = {one.NAME: one for one in MODEL_CATALOG}

PROJECT_CATALOG: tuple[ProjectFormat, ...] = (text, json, github, gitlab, sarif, junit, markdown)
PROJECT_FORMATS: dict[str, ProjectFormat] = {one.NAME: one for one in PROJECT_CATALOG}

CHAIN_CATALOG: tuple[ChainFormat, ...] = (text, json)
CHAIN_FORMATS: dict[str, ChainFormat] = {one.NAME: one for one in CHAIN_CATALOG}
