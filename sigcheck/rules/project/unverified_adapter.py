"""An adapter file says of itself that it was not executed, and this lint did not execute it either.

The help page is that of the rule of this name for one match.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.finding import Finding, Level

NAME = "unverified_adapter"
ORDER = 60
LEVEL: Level = "warning"

_PLACE = "adapter"


def find(project: ProjectView, /) -> Iterator[Told]:
    """Yields one finding for each current adapter that neither its file nor this lint executed.

    None where the models fit as they are: an adapter that only passes values on has nothing to run.
    """
    for link in project.links:
        is_run = link.check is not None and link.check.verification.level in {"executed", "end_to_end"}
        is_proved = is_run or link.adapter_proof in {"executed", "end_to_end"}
        if link.adapter_state == "current" and link.verdict != "fits" and not is_proved:
            yield Told(
                link.name,
                Finding(
                    rule=NAME,
                    level=LEVEL,
                    place=_PLACE,
                    message=f"{link.adapter} was proved as {link.adapter_proof or 'nothing'} only",
                    help="run `sigcheck adapt --all` where TensorFlow is installed",
                ),
            )
