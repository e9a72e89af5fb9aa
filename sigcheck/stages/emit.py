"""Emit: the adapter of a draft, as plain TensorFlow code."""

from __future__ import annotations

from sigcheck.schema.report import Verification
from sigcheck.stages.draft import Draft


def emit(draft: Draft, *, run_models: bool = False) -> str | None:
    """The source of the adapter; None where there is none, or where it is neither shown nor run.

    One that does nothing is run between its models only, with `run_models`.
    """
    return write(draft) if draft.has_adapter and (draft.is_told or run_models) else None


def write(draft: Draft, verification: Verification | None = None) -> str:
    """The source of the adapter that a draft has; its first line says how far it is proved, where that is known."""
    from sigcheck.adapters.python_source import write_python

    return write_python(draft.producer, draft.consumer, draft.match.bindings, verification, draft.rows)
