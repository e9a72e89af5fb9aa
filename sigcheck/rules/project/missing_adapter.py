"""A link needs an adapter, and there is none.

## What it does
Finds a link whose models do not fit as they are, and whose adapter file is not there, or that names
none.

## Why is this bad?
The pipeline fails where the one model is fed with the other: nothing in the repository makes them fit.

## Example
    adapter: error[missing_adapter]: adapters/encoder_to_classifier.py is not there

## What to do
Name a file with `adapter = "..."` in the link, run `sigcheck adapt --all` and commit it. Where the
adapter is kept elsewhere, say so with an ignore and its reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "missing_adapter"
ORDER = 30
LEVEL: Level = "error"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each link that needs an adapter and has no file of it."""
    for link in project.links:
        if link.adapter_state == "missing":
            yield _told(link.name, f"{link.adapter} is not there", "write it with `sigcheck adapt --all`")
        elif link.adapter_state == "unnamed":
            advice = 'name a file with adapter = "..." in the link, and run `sigcheck adapt --all`'
            yield _told(link.name, "an adapter is needed, and the link names no file", advice)


def _told(name: str, message: str, advice: str) -> Told:
    return Told(name, Finding(rule=NAME, level=LEVEL, place="adapter", message=message, help=advice))
