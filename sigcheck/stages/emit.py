"""Emit: the adapter of a draft, as plain TensorFlow code."""

from __future__ import annotations

from sigcheck.schema.report import Verification
from sigcheck.stages.draft import Draft


def emit(draft: Draft, verification: Verification | None = None) -> str:
    """The source of the adapter; its first line says how far it is proved, where that is known."""
    from sigcheck.adapters.python_source import write_python

    return write_python(draft.producer, draft.consumer, draft.match.bindings, verification, draft.rows)
