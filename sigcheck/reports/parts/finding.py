"""A finding as lines of text: place, level, rule, both specs, the cure, where to read more."""

from __future__ import annotations

from sigcheck.reports.parts.page import Colour, Page
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.printable import printable

LEVEL_COLOURS: dict[Level, Colour] = {"note": "cyan", "warning": "yellow", "error": "red"}


def render_finding(finding: Finding, page: Page, where: str = "") -> list[str]:
    """The lines of a finding; `where` stands before its place, such as the line of a config and a link."""
    label = f"{finding.level}[{finding.rule}]"
    # A model or link as a whole is its own place.
    place = "" if finding.place == where.rpartition(": ")[2] else printable(finding.place)
    head = ": ".join(part for part in (printable(where), place, label) if part) + ":"
    lines = page.wrap(f"{head} {printable(finding.message)}", rest="    ")
    if lines[0].startswith(head):
        before = head[: -len(label) - 1]
        painted = page.paint(label, LEVEL_COLOURS[finding.level], "bold")
        lines[0] = f"{before}{painted}{lines[0][len(head) - 1 :]}"
    details = (
        ("required", finding.required),
        ("provided", finding.provided),
        ("help", finding.help),
        ("more", f"sigcheck explain {finding.rule}"),
    )
    for name, text in details:
        if text:
            wrapped = page.wrap(printable(text), first=f"  {name:<9} ", rest=" " * 12)
            lines += [f"  {page.paint(name, 'dim')}{wrapped[0][2 + len(name) :]}", *wrapped[1:]]
    return lines
