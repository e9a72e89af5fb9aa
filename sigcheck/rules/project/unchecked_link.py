"""A link of the config could not be checked.

## What it does
Finds a link that names an output or an input that does not exist, or whose models have none, and one
whose `example` is not there, is no `.npz` file of arrays, or is made by no plan. Where a model cannot
be read, `unreadable_model` speaks for its links.

## Why is this bad?
Nothing is known about it. The exit code is 2, whatever the level of this rule.

## Example
    encoder: error[unchecked_link]: bind embeding=x: the producer has no output 'embeding'

## What to do
Correct the entry of the link. An example that its models have outgrown is saved again, from what they give now.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "unchecked_link"
ORDER = 20
LEVEL: Level = "error"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each link that could not be checked though both models were read."""
    failed = {model.name for model in project.models if model.problem is not None}
    for link in project.links:
        if link.problem is not None and not failed & {link.producer, link.consumer}:
            yield Told(
                link.name,
                Finding(
                    rule=NAME,
                    level=LEVEL,
                    place=link.consumer,
                    message=link.problem,
                    help="correct the entry of the link",
                ),
            )
