"""The answer of `sigcheck verify`, for people and for scripts."""

from __future__ import annotations

import json

from sigcheck.reports.parts.finding import LEVEL_COLOURS
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.certificate import Recheck
from sigcheck.schema.printable import printable, without_commands


def render_text(recheck: Recheck, page: Page = DEFAULT_PAGE) -> str:
    """Whether the certificate holds, what was proved then and now, behind which walls, and what changed."""
    proof = recheck.verification
    changes = [change for change in recheck.changes if not page.is_quiet or change.level == "error"]
    lines = []
    for change in changes:
        told = page.wrap(f"{change.what}: {change.level}: {printable(change.message)}", first="  ", rest="    ")
        word = page.paint(change.level, LEVEL_COLOURS[change.level])
        lines += [told[0].replace(f" {change.level}:", f" {word}:", 1), *told[1:]]
    if page.is_quiet:
        return without_commands("\n".join(lines))
    answer = page.paint("holds", "green", "bold") if recheck.holds else page.paint("does not hold", "red", "bold")
    told = [
        f"{printable(recheck.adapter)}: its certificate {answer}",
        f"  certified  {recheck.certified}, {recheck.certified_cases} cases",
        f"  now        {proof.level}, {proof.cases} cases",
        *([] if proof.walls is None else page.wrap(f"walls      {proof.walls}", first="  ", rest=" " * 13)),
        *lines,
    ]
    return without_commands("\n".join(told))


def render_json(recheck: Recheck) -> str:
    """The same, the same bytes for the same answer. Tensors stay in the archive that is saved beside the adapter."""
    written = recheck.model_dump(mode="json", exclude={"verification": {"sizes", "seeds"}})
    for failure in written["verification"]["failures"]:
        if failure["counterexample"] is not None:
            del failure["counterexample"]["npz"]
    return json.dumps(written, indent=2, ensure_ascii=True, allow_nan=False)
