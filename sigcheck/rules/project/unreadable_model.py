"""A model of the config cannot be read.

## What it does
Finds a model whose source is broken, or is not on this machine and not in the lock, or lacks the
signature or a name that the config gives.

## Why is this bad?
Nothing that links it was checked. The exit code is 2, whatever the level of this rule.

## Example
    encoder: error[unreadable_model]: models/encoder: no such file or folder. Check the path.

## What to do
Mend the source, the path or the name. Where large models are not on every machine, commit `sigcheck.lock`
from one that has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.project import Unread

NAME = "unreadable_model"
ORDER = 10
LEVEL: Level = "error"

# Files alone do not say all of some models: they have to be loaded, where a person asks for it.
_LOAD = "run `sigcheck lock --load` once, where it may be loaded, and commit the lock"
_CURES: Mapping[Unread | None, str] = {
    None: "mend it, or run `sigcheck lock` where the model is and commit the lock",
    "to_be_declared": f"write load = true at the model in the config; then {_LOAD}",
    "to_be_asked_for": _LOAD,
    "misnamed": "correct the entry of the model in the config",
}


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each model that could not be read."""
    for model in project.models:
        if model.problem is not None:
            yield Told(
                model.name,
                Finding(
                    rule=NAME,
                    level=LEVEL,
                    place=model.name,
                    message=model.problem,
                    help=_CURES[model.unread],
                ),
            )
