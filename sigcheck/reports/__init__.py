"""Reports: one output format per file. The catalogs below are the whole lists.

A format turns values into text and prints nothing; the same values give the same bytes.
Those for continuous integration tell findings only: they have nothing to say of a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sigcheck.schema.catalog import Catalog

if TYPE_CHECKING:
    from sigcheck.reports.page import Page
    from sigcheck.schema.project import LintResult
    from sigcheck.schema.report import ChainResult, CheckResult
    from sigcheck.schema.signature import Model
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


# Pictures of the pipeline alone: they tell verdicts, and no findings.
PICTURES = ("mermaid", "svg", "dot")
FORMATS: Catalog[Format] = Catalog(
    __name__, "text", "json", "html", "github", "gitlab", "sarif", "junit", "markdown", *PICTURES
)
MODEL_FORMATS: Catalog[ModelFormat] = Catalog(__name__, "text", "json")
PROJECT_FORMATS: Catalog[ProjectFormat] = Catalog(__name__, *FORMATS)
CHAIN_FORMATS: Catalog[ChainFormat] = Catalog(__name__, *FORMATS)

if TYPE_CHECKING:
    from sigcheck.reports import dot, github, gitlab, html, json, junit, markdown, mermaid, sarif, svg, text

    # What the catalogs hold, for the type checker: each module is of the shape that they promise.
    _PROJECT: tuple[ProjectFormat, ...] = (
        *(text, json, html, github, gitlab, sarif, junit, markdown),
        *(mermaid, svg, dot),
    )
    _MODEL: tuple[ModelFormat, ...] = (text, json)
    _CHAIN: tuple[ChainFormat, ...] = (
        *(text, json, html, github, gitlab, sarif, junit, markdown),
        *(mermaid, svg, dot),
    )
