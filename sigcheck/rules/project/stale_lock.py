"""The lock is not that of the models.

## What it does
Finds a model that the lock does not have, one that it has and the config does not, and one whose
signature changed in a way that breaks nobody. What breaks somebody has a rule for each change.

## Why is this bad?
Where a model is not on the machine, the lint answers from the lock.

## Example
    encoder: warning[stale_lock]: the lock does not have this model

## What to do
Run `sigcheck lock` and commit the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "stale_lock"
ORDER = 70
LEVEL: Level = "warning"


_HELP = "run `sigcheck lock` and commit the file"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each model whose entry in the lock is missing, left over or out of date."""
    if project.locked is None:
        return
    for model in project.models:
        if model.signature is None or model.origin != "source":
            continue
        if model.name not in project.locked:
            yield _told(model.name, "the lock does not have this model")
        elif model.lock == "differs":
            changes = project.changes.get(model.name, ())
            if not any(change.level != "note" for change in changes):
                count = f"{len(changes)} change{'' if len(changes) == 1 else 's'}" if changes else "other changes"
                yield _told(model.name, f"{count} since it was locked, none that breaks its users")
    known = {model.name for model in project.models}
    for name in sorted(project.locked - known):
        yield _told(name, "the lock has this model, and the config does not")


def _told(name: str, message: str) -> Told:
    return Told(name, Finding(rule=NAME, level=LEVEL, place=name, message=message, help=_HELP))
