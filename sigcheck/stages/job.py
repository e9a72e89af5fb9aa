"""Job: what a worker is asked to prove of a draft."""

from __future__ import annotations

from sigcheck.stages.draft import Draft
from sigcheck.verification.job import Job, Models


def job_of(
    draft: Draft, source: str, *, models: Models | None = None, is_handwritten: bool = False, case: str | None = None
) -> Job:
    """An adapter of the draft, between its models where these are given; a person's own may use what no plan does.

    `case` is an archive of tensors to run it on alone.
    """
    return Job(
        source=source,
        provided=draft.run_on,
        required=draft.run_into,
        bindings=draft.match.bindings,
        is_handwritten=is_handwritten,
        models=models,
        case=case,
        rows=draft.rows if draft.is_called_over else None,
    )
