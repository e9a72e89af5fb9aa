"""The one error that users see when the question cannot be asked.

A mismatch is never an exception: it is a finding.
"""

from __future__ import annotations


class SigcheckError(Exception):
    """`place: what was found, what was expected. What to do.` Exit code 2."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


class SourceError(SigcheckError):
    """A source that cannot be read: not there, not a model, or broken."""


class UsageError(SigcheckError):
    """A call that asks for something that does not exist: a key, a name, a policy."""
