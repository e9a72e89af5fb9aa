"""Step page: the help page of what a step of a plan is, a transform or a junction."""

from __future__ import annotations

from functools import cache
from inspect import getdoc
from typing import Literal, NamedTuple


class StepPage(NamedTuple):
    """The kind of step, as addresses of the documentation have it too, the first line of its page, and the page."""

    kind: Literal["transforms", "junctions"]
    summary: str
    text: str

    @property
    def rest(self) -> str:
        """The page below its first line."""
        return self.text.removeprefix(self.summary).lstrip("\n")


@cache
def step_page(name: str) -> StepPage | None:
    """The page; None for what no catalog has, such as an assertion of sizes."""
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.junctions.parts import share
    from sigcheck.transforms import BY_NAME

    # What takes no step has a page too.
    entries = {**JUNCTIONS, "share": share}
    kind: Literal["transforms", "junctions"] = "transforms" if name in BY_NAME else "junctions"
    entry = BY_NAME.get(name) or entries.get(name)
    if entry is None:
        return None
    text = getdoc(entry) or ""
    return StepPage(kind, text.partition("\n")[0], text)
