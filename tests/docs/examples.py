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


def pages(root: Path) -> list[Path]:
    """The pages whose examples are run one by one; those of the gallery are stories, which `worked_page` runs."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    return sorted(page for page in found if page.parent.name != "gallery")


def blocks(page: Path, language: str) -> list[str]:
    """The contents of the page's blocks in the language, in order."""
    return [found[2] for found in _FENCE.finditer(page.read_text("utf-8")) if found[1] == language]


def commands(block: str) -> list[Command]:
    """The commands of a console block, each with the lines below it."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [Command(*(part.split("\n", 1))) for part in parts]
