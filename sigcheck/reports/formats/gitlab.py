"""GitLab: a code quality report, shown in the widget and the changes of a merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sigcheck.reports.parts.digest import Problem, digest
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page, printable
from sigcheck.schema.finding import Level

if TYPE_CHECKING:
    from sigcheck.reports.parts.digest import Result

NAME = "gitlab"
HAS_FINDINGS = True
KNOWN_BY = re.compile(r'\A\[(?:\]\s*\Z|\n  \{\n    "description": [^\n]*\n    "check_name": )')

# Of info, minor, major, critical and blocker: what stops a merge is not what stops production.
_SEVERITIES: dict[Level, str] = {"error": "major", "warning": "minor", "note": "info"}


def render(result: Result, page: Page = DEFAULT_PAGE) -> str:
    """One issue for each finding that counts."""
    told = digest(result, page)
    return json.dumps([_issue(problem) for problem in told.active], indent=2, ensure_ascii=True)


render_check = render_chain = render_lint = render_diff = render


def _issue(problem: Problem) -> dict[str, Any]:
    finding = problem.finding
    return {
        "description": printable(f"{problem.subject}: {finding.place}: {finding.message}"),
        "check_name": finding.rule,
        "fingerprint": problem.fingerprint,
        "severity": _SEVERITIES[finding.level],
        "location": {"path": printable(problem.path), "lines": {"begin": problem.line_or_first}},
        "content": {"body": printable(finding.help)},
    }
