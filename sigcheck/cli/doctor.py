"""`sigcheck doctor`: what is installed, what is not, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sigcheck.cli.options import format_option
from sigcheck.cli.output import page, say

if TYPE_CHECKING:
    from sigcheck.cli.installation import Installation
    from sigcheck.schema.walls import Walls

COULD_NOT_CHECK = 2


@click.command(
    short_help="Print versions, what is installed and what is not.",
    epilog="""\b
    Examples:
      sigcheck doctor
      sigcheck doctor --format json

    Exit codes: 0 all that is needed is there; 2 something that sigcheck needs is missing.""",
)
@format_option(("text", "json"))
def doctor(*, format_name: str) -> int:
    """Print versions, what is installed, what is not and what that costs: for bug reports.

    No package is imported: one that is there may still be broken. Which walls stand around an adapter or a
    model that runs is seen by a worker that does nothing.
    """
    from sigcheck.cli.installation import examine

    found = examine()
    say(_json(found) if format_name == "json" else _text(found))
    return 0 if found.is_whole else COULD_NOT_CHECK


def _text(found: Installation) -> str:
    from sigcheck.reports.parts.table import table

    paper = page()
    facts = (
        ("sigcheck", found.version),
        ("Python", found.python),
        ("platform", f"{found.platform}, {found.processors} processors"),
        ("cache", found.cache),
        ("config", found.config or "none here or above"),
        ("walls", _walls(found.walls)),
    )
    lines = [line for name, text in facts for line in paper.wrap(text, first=f"{name:<10}", rest=" " * 10)]
    there = [
        (part.use.distribution, part.version, part.use.purpose) for part in found.parts if part.version is not None
    ]
    lines += ["", *table(paper, ("installed", "version", "for"), there)]
    gone = [part.use for part in found.parts if part.version is None]
    if gone:
        rows = [(use.distribution, use.purpose, use.install or "reinstall sigcheck: it is broken") for use in gone]
        lines += ["", *table(paper, ("not installed", "so there is no", "to have it"), rows)]
    return "\n".join(lines)


def _walls(walls: Walls) -> str:
    """Which walls stand around what runs, and what it means that some do not."""
    if not walls.missing:
        return str(walls)
    lacks = "what runs here, of --load, --run-models and --run-adapter, can reach what you can reach"
    return f"{walls}; {lacks}: its files, network and processes. bubblewrap, where it works, puts walls around it"


def _json(found: Installation) -> str:
    import json
    from dataclasses import asdict

    packages = [
        {
            "name": part.use.distribution,
            "version": part.version,
            "purpose": part.use.purpose,
            "install": part.use.install,
        }
        for part in found.parts
    ]
    told = {**asdict(found), "walls": found.walls.model_dump(mode="json"), "parts": packages}
    return json.dumps({"schema_version": 1, **told}, indent=2)
