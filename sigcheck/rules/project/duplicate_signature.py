"""Two models of the config are the same signature.

## What it does
Finds models that name the same signature of the same source.

## Why is this bad?
What is declared of the one is not declared of the other, and links check different things.

## Example
    encoder: warning[duplicate_signature]: the same signature as 'embedder': models/encoder#serving_default

## What to do
Keep one of the entries.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "duplicate_signature"
ORDER = 90
LEVEL: Level = "warning"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each model whose signature stands under another name before it."""
    seen: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for model in project.models:
        if model.signature is None:
            continue
        source = model.source.rpartition("#")[0] or model.source
        first = seen.setdefault((source, model.signature.key, model.signature.tags), model.name)
        if first != model.name:
            yield Told(
                model.name,
                Finding(
                    rule=NAME,
                    level=LEVEL,
                    place=model.name,
                    message=f"the same signature as {first!r}: {source}#{model.signature.key}",
                    help="keep one of the entries",
                ),
            )
