"""A contract of the config does not say what the model beside it takes or gives.

## What it does
Finds models of the config that are contracts of other models, such as the configuration of a server or the entry of a
registry, and say another name, dtype, rank or size than the model that lies beside them.

## Why is this bad?
Every link of it was checked against what no model takes.

## Example
    detector: error[contradicted_model]: image: served as float32[?, 224, 224, 3], detector/1/model.savedmodel takes
      float32[?, 244, 244, 3]: size 224 on axis 1, the model has 244

## What to do
Correct the contract, or put the model in its place that it was written for.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "contradicted_model"
ORDER = 15
LEVEL: Level = "error"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each contradiction of each model."""
    for model in project.models:
        for one in model.contradictions:
            message = f"{one.place}: {one.message}"
            yield Told(model.name, Finding(rule=NAME, level=LEVEL, place=one.place, message=message, help=one.help))
