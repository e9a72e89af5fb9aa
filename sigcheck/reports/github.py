"""GitHub: annotations that a workflow run shows on the lines of a pull request.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sigcheck.reports.digest import Digest, Problem, digest_chain, digest_check, digest_diff, digest_lint, full_message
from sigcheck.reports.page import DEFAULT_PAGE, Page, printable
from sigcheck.schema.finding import Level
from sigcheck.schema.report import ChainResult, CheckResult

if TYPE_CHECKING:
    from sigcheck.schema.project import LintResult
    from sigcheck.schema.upgrade import DiffResult

NAME = "github"

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE) -> str:
    """An annotation for each finding of one check, then one line of summary."""
    return _render(digest_check(result, page))


def render_chain(result: ChainResult, page: Page = DEFAULT_PAGE) -> str:
    """An annotation for each finding of a pipeline, then one line of summary."""
    return _render(digest_chain(result, page))


def render_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> str:
    """An annotation for each finding of a lint that counts, then one line of summary."""
    return _render(digest_lint(result, page))


def render_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> str:
    """An annotation for each change of a model, then one line of summary."""
    return _render(digest_diff(result, page))


def _render(digest: Digest) -> str:
    # The runner looks for `##[command]` anywhere in a line, and for `::command` at its start.
    summary = printable(f"sigcheck: {digest.headline}").replace("##[", "## [")
    return "\n".join([*map(_annotation, digest.active), summary])


def _annotation(problem: Problem) -> str:
    finding = problem.finding
    title = f"{finding.rule}: {problem.subject}"
    where = f"file={_property(problem.path)},line={problem.line_or_first},title={_property(title)}"
    return f"::{_COMMANDS[finding.level]} {where}::{_data(full_message(finding))}"


def _data(text: str) -> str:
    """Escaped as `escapeData` of the runner's toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escaped as `escapeProperty` of the runner's toolkit does."""
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
