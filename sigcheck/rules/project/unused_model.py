"""A model is in no link.

## What it does
Names models of the config that no link and no chain uses, where there are links at all.

## Why is this bad?
It was meant to be checked, and is not: a link is missing, or the entry is left over.

## Example
    encoder: warning[unused_model]: no link uses it

## What to do
Link it, or delete the entry. Where only its signature matters, ignore the finding with that reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "unused_model"
ORDER = 80
LEVEL: Level = "warning"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each model without a link."""
    used = {name for link in project.links for name in (link.producer, link.consumer)}
    # A link may take what a model beside its own gives: MODEL.OUTPUT, either with dots of its own.
    checks = (link.check for link in project.links if link.check)
    for name in {end.provided for check in checks for bound in check.bindings for end in bound.ends}:
        used.update(accumulate(name.split(".")[:-1], "{}.{}".format))
    for model in project.models if project.links else ():
        if model.name not in used:
            message = "no link uses it"
            yield Told(
                model.name,
                Finding(rule=NAME, level=LEVEL, place=model.name, message=message, help="link it, or delete the entry"),
            )
