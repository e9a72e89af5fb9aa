"""GitHub: annotations that a workflow run shows on the lines of a pull request.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sigcheck.reports.parts.digest import Problem, digest, full_message
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page, printable
from sigcheck.schema.finding import Level

if TYPE_CHECKING:
    from sigcheck.reports.parts.digest import Result

NAME = "github"
HAS_FINDINGS = True
KNOWN_BY = re.compile(r"\A(?:::(?:error|warning|notice) file=[^\n]*,title=\w+%3A |sigcheck: [^\n]*; found: )")

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}


def render(result: Result, page: Page = DEFAULT_PAGE) -> str:
    """An annotation for each finding that counts, then one line of summary."""
    told = digest(result, page)
    summary = printable(f"sigcheck: {told.headline}")
    return "\n".join([*map(_annotation, told.active), summary])


render_check = render_chain = render_lint = render_diff = render


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
