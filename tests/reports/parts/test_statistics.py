from __future__ import annotations

from sigcheck.reports.parts.page import Page
from sigcheck.reports.parts.statistics import render_statistics
from tests.reports.projects import large_lint


def test_rules_are_counted_the_most_frequent_first():
    told = render_statistics(large_lint(16), Page(width=120)).splitlines()
    assert told[0].split() == ["found", "rule", "what", "it", "is", "level"]
    assert [line.split()[0:2] + line.split()[-1:] for line in told[1:4]] == [
        ["10", "layout_mismatch", "warning"],
        ["2", "layout_mismatch", "error"],
        ["2", "truncated_rows", "error"],
    ]
    # Counts alone must not look like a pass.
    assert any(line.startswith("not checked") for line in told)
    assert told[-1].startswith("found: 4 errors")


def test_a_quiet_page_counts_errors_only():
    told = render_statistics(large_lint(16), Page(is_quiet=True))
    assert "warning" not in told
    assert "truncated_rows" in told
