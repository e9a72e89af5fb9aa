"""Only one side of a link says which values it means.

## What it does
Finds an input and the output that feeds it of which one has a known value range or normalization
and the other has not.

## Why is this bad?
0 to 255 or 0 to 1: nobody can compare what only one side says.

## Example
    pixels: note[undeclared_range]: the value range is known of the consumer only

## What to do
Declare the other one: `outputs.NAME = { range = [0, 255] }` at the model in the config.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.project import ProjectView, Told
from sigcheck.schema.agreement import undeclared
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Binding

NAME = "undeclared_range"
LEVEL: Level = "note"


_WORDS = {"range": "value range", "normalization": "normalization"}


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each binding with a range or normalization on one side only."""
    for link in project.links:
        for binding in link.check.bindings if link.check is not None else ():
            for fact in _one_sided(binding):
                yield Told(link.name, _finding(binding, fact))


def _one_sided(binding: Binding) -> list[str]:
    ours, theirs = binding.provided_spec.facts, binding.required_spec.facts
    if ours == theirs:
        return []
    found = set(undeclared(binding.provided_spec, binding.required_spec))
    return [
        fact for fact in _WORDS if fact in found and (getattr(ours, fact) is None) != (getattr(theirs, fact) is None)
    ]


def _finding(binding: Binding, fact: str) -> Finding:
    is_ours = getattr(binding.provided_spec.facts, fact) is None
    silent, name = ("producer", binding.provided) if is_ours else ("consumer", binding.required)
    return Finding(
        rule=NAME,
        level=LEVEL,
        place=binding.required,
        message=f"the {_WORDS[fact]} is known of the {'consumer' if is_ours else 'producer'} only",
        help=f"declare that of {name} at the {silent}, in the config",
    )
