"""Statistics: how often each rule found something in a project."""

from __future__ import annotations

from collections import Counter

from sigcheck.reports.parts.finding import LEVEL_COLOURS
from sigcheck.reports.parts.page import Page
from sigcheck.reports.parts.project_text import looked_at
from sigcheck.reports.parts.table import table
from sigcheck.schema.finding import LEVELS
from sigcheck.schema.printable import without_commands
from sigcheck.schema.project import LintResult


def render_statistics(result: LintResult, page: Page) -> str:
    """A row for each rule and level that counts, the most frequent first, then what was looked at.

    A quiet page has errors only.
    """
    from sigcheck.rules import RULES, summary

    found = Counter(
        (one.finding.rule, one.finding.level)
        for one in result.active
        if not page.is_quiet or one.finding.level == "error"
    )
    order = sorted(found, key=lambda one: (-found[one], -LEVELS.index(one[1]), one[0]))
    rows = [(str(found[rule, level]), rule, summary(rule) if rule in RULES else "", level) for rule, level in order]
    paints = [LEVEL_COLOURS[level] for _, level in order]
    counted = table(page, ("found", "rule", "what it is", "level"), rows, paints=paints) if rows else []
    blocks = [counted, [] if page.is_quiet else looked_at(result, page)]
    return without_commands("\n\n".join("\n".join(block) for block in blocks if block))
