"""Why text: what a model demands of a size, for people."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.reports.parts.page import Page
from sigcheck.reports.parts.table import table
from sigcheck.schema.printable import printable, without_commands
from sigcheck.schema.why import Demand, Reason, Step, Why

# Of a longer way the beginning and the end are told.
_MOST_STEPS = 12


def render_why(why: Why, page: Page) -> str:
    """The axes of the size, each demand with its places and the ways there, and what outputs become of it."""
    axes = ", ".join(printable(one) for one in why.axes)
    head = f"{printable(why.source)}#{printable(why.key)}: {printable(why.size)}, the size of {axes}"
    blocks = [page.wrap(head, rest="  "), *(_demand(one, page) for one in why.demands)]
    if not why.demands:
        blocks.append(["nothing is demanded of it"])
    if why.gives:
        rows = [(printable(place), printable(size)) for place, size in why.gives]
        blocks.append([page.paint("gives", "bold"), *table(page, ("output", "size"), rows, indent="  ")])
    if why.unfollowed:
        told = f"sizes are not followed behind {', '.join(map(printable, why.unfollowed))}"
        blocks.append(page.wrap(told, rest="  "))
    return without_commands("\n\n".join("\n".join(block) for block in blocks))


def _demand(demand: Demand, page: Page) -> list[str]:
    lines = [f"{page.paint(printable(demand.holds), 'bold')} ({demand.tier})"]
    for reason in demand.because:
        lines += _reason(reason, page)
    return lines


def _reason(reason: Reason, page: Page) -> list[str]:
    lines = page.wrap(printable(reason.demands), first="  ", rest="    ")
    for way in reason.ways:
        rows = [(printable(one.place), printable(one.operation), ", ".join(one.sizes)) for one in _shortened(way)]
        lines += table(page, ("place", "operation", "size"), rows, indent="    ")
    return lines


def _shortened(way: Sequence[Step]) -> Sequence[Step]:
    if len(way) <= _MOST_STEPS:
        return way
    half = _MOST_STEPS // 2
    left_out = Step(operation="", place=f"... {len(way) - 2 * half} more ...", sizes=())
    return (*way[:half], left_out, *way[-half:])
