"""Length table: lengths to choose from, and what each costs."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.reports.parts.page import Page
from sigcheck.reports.parts.table import table
from sigcheck.schema.length_choice import LengthCandidate, LengthChoice
from sigcheck.schema.printable import printable

_HEADS = ("length", "rows cut", "values lost", "padding", "because it is")


def length_table(candidates: Sequence[LengthCandidate], page: Page, indent: str = "  ") -> list[str]:
    """A row for each candidate; the recommended one has a star."""
    rows = [
        (
            f"{one.length}{' *' if one.is_recommended else ''}",
            f"{one.cut:.2%}",
            f"{one.lost:.2%}",
            f"{one.padding:.1%}",
            one.why,
        )
        for one in candidates
    ]
    return table(page, _HEADS, rows, indent=indent)


def length_choice(choice: LengthChoice, page: Page) -> list[str]:
    """The table of one input, and why the one with the star is recommended."""
    name = printable(choice.required)
    return [
        page.paint(f"length of {name} from {printable(choice.provided)}, {choice.rows:,} rows seen", "bold"),
        *length_table(choice.candidates, page),
        *page.wrap(reason(choice), first="  ", rest="  "),
    ]


def reason(choice: LengthChoice) -> str:
    """Why the recommended length is that."""
    whole = f"keeps {choice.share:.4%}".rstrip("0%").rstrip(".") + "% of the rows whole"
    best = next((one for one in choice.candidates if one.is_recommended), None)
    if best is not None and best.length == choice.most and best.cut > 1 - choice.share:
        return f"* the most that the input takes: {best.cut:.2%} of the rows are longer"
    return f"* the least multiple of 8 that {whole}; --max-length sets another"
