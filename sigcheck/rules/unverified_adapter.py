"""The adapter was never run.

## What it does
Finds an adapter file that says of itself that it was not executed, where this lint did not
execute it either.

## Why is this bad?
Types say that it fits. Only a run on tensors shows that it does what its steps say.

## Example
    adapter: warning[unverified_adapter]: adapters/encoder_to_classifier.py was proved as typed only

## What to do
Install TensorFlow with `pip install 'sigcheck[tensorflow]'`, and run `sigcheck adapt --all`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "unverified_adapter"
LEVEL: Level = "warning"


def find(project: ProjectView) -> Iterator[Told]:
    """Yields one finding for each current adapter that neither its file nor this lint executed."""
    for link in project.links:
        is_run = link.check is not None and link.check.verification.level in {"executed", "end_to_end"}
        if link.adapter_state == "current" and link.adapter_proof not in {"executed", "end_to_end"} and not is_run:
            yield Told(
                link.name,
                Finding(
                    rule=NAME,
                    level=LEVEL,
                    place="adapter",
                    message=f"{link.adapter} was proved as {link.adapter_proof or 'nothing'} only",
                    help="run `sigcheck adapt --all` where TensorFlow is installed",
                ),
            )
