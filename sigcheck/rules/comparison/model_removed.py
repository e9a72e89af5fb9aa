"""A model that was agreed on is gone from the config.

## What it does
Finds a model of the old project that the new one does not have, or calls otherwise.

## Why is this bad?
Whoever uses it by this name has it no more, and nothing of what was agreed of it is compared.

## Example
    encoder: error[model_removed]: the model is gone
      help      keep it, or say in an ignore why nobody misses it

## What to do
Keep the model, or change those who use it first. Where nobody does, an ignore says so: `rule =
"model_removed"`, its old name as `model`, and the `reason`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.comparison import ComparisonView
from sigcheck.rules.views.project import Told
from sigcheck.schema.finding import Finding, Level

NAME = "model_removed"
ORDER = 10
LEVEL: Level = "error"


def find(comparison: ComparisonView) -> Iterator[Told]:
    """Yields one finding for each model that is gone."""
    for name in comparison.removed_models:
        advice = "keep it, or say in an ignore why nobody misses it"
        yield Told(name, Finding(rule=NAME, level=LEVEL, place=name, message="the model is gone", help=advice))
