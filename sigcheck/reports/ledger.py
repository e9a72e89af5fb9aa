"""Ledger: what all links of a chain lose, assume and guard together, for people."""

from __future__ import annotations

from sigcheck.reports.page import Page
from sigcheck.reports.table import table
from sigcheck.schema.printable import printable
from sigcheck.schema.report import ChainResult


def render_ledger(result: ChainResult, page: Page) -> str:
    """A row for each step that costs something, and what each rests on below."""
    lines = [page.paint("ledger of the chain", "bold")]
    if not result.ledger:
        return "\n".join([*lines, "  nothing is lost, assumed or guarded"])
    rows = [(str(one.link), printable(one.place), printable(one.step), one.loss) for one in result.ledger]
    lines += table(page, ("link", "input", "step", "loss"), rows, indent="  ")
    for one in result.ledger:
        for verb, text in (("assumes", one.assumption), ("asserts at run time:", one.guard)):
            if text:
                lines += page.wrap(f"link {one.link}: {verb} {printable(text)}", first="  ", rest="    ")
    return "\n".join(lines)
