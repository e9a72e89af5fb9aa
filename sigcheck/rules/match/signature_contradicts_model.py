"""The signature that a registry has of a model is not that of the model.

## What it does
Holds the signature in an MLflow model's `MLmodel` file against the model that lies in the same folder: names, dtypes,
ranks and sizes. A size that the signature leaves open and the model does not is one too.

## Why is this bad?
MLflow checks requests against the signature, and the model gets what passes. Nothing compares the two when a model is
logged, or changed afterwards.

## Example
    image: error[signature_contradicts_model]: logged as float32[?, 224, 224, 3], m/data/model takes
      float32[?, 244, 244, 3]: size 224 on axis 1, the model has 244
      help      log the model again with the signature that it has, as mlflow.models.infer_signature tells it

## What to do
Log the model again with the signature that it has.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "signature_contradicts_model"
ORDER = 344
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields what the readers of both sides found."""
    yield from (one for one in match.contradictions if one.rule == NAME)
