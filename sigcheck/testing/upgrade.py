"""A new version of a model against the one before it, as an assertion."""

from __future__ import annotations

from sigcheck import api
from sigcheck.reports.parts.digest import counted
from sigcheck.reports.parts.page import printable
from sigcheck.schema.finding import Finding
from sigcheck.schema.upgrade import DiffResult
from sigcheck.testing.failure_text import explain_finding


def assert_upgrade(old: object, new: object) -> DiffResult:
    """Asserts that whoever uses the old version of a model can use the new one in its place.

    Inputs may take more and outputs may give less; the reverse breaks consumers. Signatures are
    compared by key, or the only ones of both; a key that is named (`model#serve`) alone.

    Returns the changes, those that break nothing included. Raises AssertionError with each change
    that does, and SourceError or UsageError where a version cannot be read.
    """
    __tracebackhide__ = True
    from sigcheck.project.diff import diff_models

    result = diff_models(api.read(old), api.read(new))
    breaking = [finding for finding in result.findings if finding.level == "error"]
    if breaking:
        raise AssertionError(_explain(result, breaking))
    return result


def _explain(result: DiffResult, breaking: list[Finding]) -> str:
    headline = f"{result.new.named} cannot take the place of {result.old.named}"
    count = f"{len(breaking)} of {counted(len(result.findings), 'change')}"
    lines = [f"{printable(headline)}: {count} {'breaks' if len(breaking) == 1 else 'break'} consumers"]
    return "\n\n".join([*lines, *("\n".join(explain_finding(finding, ())) for finding in breaking)])
