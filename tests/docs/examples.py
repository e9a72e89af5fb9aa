"""Examples: the fenced blocks of a Markdown page, as what a test can run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """One `$ command` of a console block, and what is printed below it."""

    text: str
    expected: str


# What building the site writes there.
MADE = ("rules", "transforms", "junctions")
# Pages that begin with nothing and make what they use.
STORIES = ("binding", "coming-from", "five-minutes", "observe", "upgrading")


def pages(root: Path) -> list[Path]:
    """All pages, but for those that building the site writes."""
    made = [root / "docs" / folder for folder in MADE]
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    return sorted(page for page in found if page.parent not in made)


def is_story(page: Path) -> bool:
    """Whether the examples of the page are one story, which `worked_page` runs, and not each for itself."""
    return page.parent.name == "gallery" or page.stem in STORIES


def all_blocks(page: Path) -> list[tuple[str, str]]:
    """The language and the contents of each block of the page, in order."""
    return [(found[1], found[2]) for found in _FENCE.finditer(page.read_text("utf-8"))]


def blocks(page: Path, language: str) -> list[str]:
    """The contents of the page's blocks in the language, in order."""
    return [block for one, block in all_blocks(page) if one == language]


def commands(block: str) -> list[Command]:
    """The commands of a console block, each with the lines below it."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [Command(*(part.split("\n", 1))) for part in parts]
