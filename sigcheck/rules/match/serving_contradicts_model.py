"""What a server is told of a model is not what the model takes or gives.

## What it does
Holds the configuration of a server, such as Triton's `config.pbtxt`, against the model that lies beside it:
names, dtypes, ranks and sizes. A size of an input that the configuration leaves open and the model does not is one too:
requests are let in that the model refuses. Sizes of outputs are the same in both, or the server does not load it. Of an
ensemble, each tensor is held against the models that give and take it, and these against their own files; steps that
wait for each other, tensors that are given twice or that nothing takes, and batches larger than a step takes are told.

## Why is this bad?
The server does not load the model, or refuses requests that its own metadata allows. What was checked against the
configuration says nothing of the model.

## Example
    image: error[serving_contradicts_model]: served as float32[?, 224, 224, 3], m/1/model.savedmodel takes
      float32[?, 244, 244, 3]: size 224 on axis 1, the model has 244
      help      correct the configuration, or serve the model that it speaks for

## What to do
Correct the configuration, or put the model in its place that it was written for.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "serving_contradicts_model"
ORDER = 342
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields what the readers of both sides found."""
    yield from (one for one in match.contradictions if one.rule == NAME)
