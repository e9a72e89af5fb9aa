"""`sigcheck doctor`: what is installed, what is not, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sigcheck.cli.options import format_option
from sigcheck.cli.output import page, say

if TYPE_CHECKING:
    from sigcheck.cli.installation import Installation

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

    Nothing is imported or run: a package that is there may still be broken.
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
    return json.dumps({"schema_version": 1, **asdict(found), "parts": packages}, indent=2)
