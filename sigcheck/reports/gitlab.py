"""GitLab: a code quality report, shown in the widget and the changes of a merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sigcheck.reports.digest import Digest, Problem, digest_chain, digest_check, digest_diff, digest_lint
from sigcheck.reports.page import DEFAULT_PAGE, Page, printable
from sigcheck.schema.finding import Level
from sigcheck.schema.report import ChainResult, CheckResult

if TYPE_CHECKING:
    from sigcheck.schema.project import LintResult
    from sigcheck.schema.upgrade import DiffResult

NAME = "gitlab"

# Of info, minor, major, critical and blocker: what stops a merge is not what stops production.
_SEVERITIES: dict[Level, str] = {"error": "major", "warning": "minor", "note": "info"}


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE) -> str:
    """One issue for each finding of one check."""
    return _render(digest_check(result, page))


def render_chain(result: ChainResult, page: Page = DEFAULT_PAGE) -> str:
    """One issue for each finding of a pipeline."""
    return _render(digest_chain(result, page))


def render_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> str:
    """One issue for each finding of a lint that counts."""
    return _render(digest_lint(result, page))


def render_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> str:
    """One issue for each change of a model."""
    return _render(digest_diff(result, page))


def _render(digest: Digest) -> str:
    return json.dumps([_issue(problem) for problem in digest.active], indent=2, ensure_ascii=True)


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
