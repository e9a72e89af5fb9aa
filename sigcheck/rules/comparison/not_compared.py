"""Nobody knows what was agreed of a model, or of the whole project.

## What it does
Finds a model of which the revision that the project is compared with has neither an entry in its lock
nor a source in the repository, and a project that has no config there. Where the config was taken away
from where it was it is an error; where there never was one, a note.

## Why is this bad?
What was not compared may have broken.

## Example
    encoder: warning[not_compared]: what was agreed is not known: its source is an address

## What to do
Commit `sigcheck.lock`: it says what was agreed of models that are not in the repository.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.comparison import ComparisonView
from sigcheck.rules.views.project import Told
from sigcheck.schema.finding import Finding, Level

NAME = "not_compared"
ORDER = 40
LEVEL: Level = "warning"


def find(comparison: ComparisonView) -> Iterator[Told]:
    """Yields one finding for each model of which nothing is known, or one for the whole project."""
    for gap in comparison.gaps:
        advice = "run `sigcheck lock` and commit the file, so that it is known from then on"
        said = f"what was agreed is not known: {gap.reason}"
        yield Told(gap.subject, Finding(rule=NAME, level=gap.level, place=gap.subject, message=said, help=advice))
