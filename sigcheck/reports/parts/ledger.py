"""Ledger: what all links of a chain lose, assume and guard together, for people."""

from __future__ import annotations

from sigcheck.reports.parts.page import Page
from sigcheck.reports.parts.table import table
from sigcheck.schema.chain import ChainResult
from sigcheck.schema.printable import printable


def render_ledger(result: ChainResult, page: Page) -> str:
    """A row for each step that costs something, and what each rests on below."""
    lines = [page.paint("ledger of the chain", "bold")]
    open_links = [str(at) for at, link in enumerate(result.links, start=1) if link.verdict in {"blocked", "undecided"}]
    left_out = f"without link {', '.join(open_links)}: there is no adapter" if open_links else ""
    if not result.ledger:
        lines.append("  nothing is lost, assumed or guarded")
    rows = [(str(one.link), printable(one.place), printable(one.step), one.loss) for one in result.ledger]
    lines += table(page, ("link", "input", "step", "loss"), rows, indent="  ") if rows else []
    for one in result.ledger:
        for verb, text in (("assumes", one.assumption), ("asserts at run time:", one.guard)):
            if text:
                lines += page.wrap(f"link {one.link}: {verb} {printable(text)}", first="  ", rest="    ")
    lines += [f"  {left_out}"] if left_out else []
    return "\n".join(lines)
