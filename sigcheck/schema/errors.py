"""The one error that users see when the question cannot be asked.

A mismatch is never an exception: it is a finding.
"""

from __future__ import annotations

from sigcheck.schema.address import masked


class SigcheckError(Exception):
    """`place: what was found, what was expected. What to do.` Exit code 2. Credentials of addresses are covered."""

    def __init__(self, place: str, problem: str) -> None:
        # Whatever an error quotes may be an address with credentials, and is read in the log of a build.
        place, problem = masked(place), masked(problem)
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


class SourceError(SigcheckError):
    """A source that cannot be read: not there, not a model, or broken."""


class UsageError(SigcheckError):
    """A call that asks for something that does not exist: a key, a name, a policy."""
