"""A fact of an input was not compared, because only one side says it.

## What it does
Finds an input, and the output that feeds it, of which one has a known fact and the other has not:
axes, normalization, quantization, meaning, count of ids, order of channels, padding. The value range
has a rule of its own, `unchecked_range`.

## Why is this bad?
What only one side says is no agreement. A check that could not look is not to pass for one that did.

## Example
    image: note[unchecked_fact]: the channel order is not declared by the producer
      help      declare channel_order of pixels at decoder, in the config

## What to do
Declare it at the other model. `unchecked_fact = "error"` under `[rules]` lets nothing pass that was
not compared; where it is right as it is, an ignore says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.rules.views.unseen import find_unseen
from sigcheck.schema.finding import Level

NAME = "unchecked_fact"
ORDER = 110
LEVEL: Level = "note"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each fact but the range that was not compared, of each link that passes."""
    for link in project.links:
        for unseen in find_unseen(link):
            if unseen.fact != "range":
                yield Told(link.name, unseen.finding(NAME, LEVEL, unseen.sentence, project.signatures))
