"""A link needs an adapter, and there is none.

## What it does
Finds a link whose models do not fit as they are, and whose adapter file is not there. Where the
link names no file it is a warning: the adapter may be elsewhere.

## Why is this bad?
The pipeline fails where the one model is fed with the other.

## Example
    adapter: error[missing_adapter]: adapters/encoder_to_classifier.py is not there

## What to do
Name a file with `adapter = "..."` in the link, run `sigcheck adapt --all` and commit it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "missing_adapter"
LEVEL: Level = "error"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each link that needs an adapter and has no file of it."""
    for link in project.links:
        if link.adapter_state == "missing":
            yield _told(link.name, LEVEL, f"{link.adapter} is not there", "write it with `sigcheck adapt --all`")
        elif link.adapter_state == "unnamed":
            advice = 'name a file with adapter = "..." in the link, and run `sigcheck adapt --all`'
            yield _told(link.name, "warning", "an adapter is needed, and the link names no file", advice)


def _told(name: str, level: Level, message: str, advice: str) -> Told:
    return Told(name, Finding(rule=NAME, level=level, place="adapter", message=message, help=advice))
