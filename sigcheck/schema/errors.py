"""The one error that users see when the question cannot be asked.

A mismatch is never an exception: it is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.schema.address import masked
from sigcheck.schema.printable import printable

# What was found stands at the begin, what to do at the end.
_BEGIN, _END = 700, 200


class SigcheckError(Exception):
    """`place: what was found, what was expected. What to do.` Exit code 2. One line, whatever it quotes.

    Credentials of addresses are covered, control characters escaped, and the middle of what is too long is left out.
    """

    def __init__(self, place: str, problem: str) -> None:
        # Whatever an error quotes may be an address with credentials, and is read in the log of a build.
        place, problem = bounded_line(masked(place)), bounded_line(masked(problem))
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem

    @property
    def each(self) -> tuple[SigcheckError, ...]:
        """All that it tells, each in a line of its own."""
        return (self,)


class SourceError(SigcheckError):
    """A source that cannot be read: not there, not a model, or broken."""


class UsageError(SigcheckError):
    """A call that asks for something that does not exist: a key, a name, a policy."""


class UnsaidError(UsageError):
    """A model whose files do not say what it takes and gives: loading it would show that."""


class NotLoadedError(SourceError):
    """A model that is to be loaded, where nobody asked for it."""


class SeveralMistakesError(UsageError):
    """Several things wrong at once: it reads as the first, with how many more there are; `each` has all.

    `more` are those that nobody looked at.
    """

    def __init__(self, mistakes: Sequence[UsageError], *, has_more: bool = False) -> None:
        first, *rest = mistakes
        counted = f"{len(rest)}{' or' if has_more else ''} more in the file"
        super().__init__(first.place, f"{first.problem} ({counted})")
        self._each = tuple(mistakes)
        if has_more:
            place = first.place.rpartition(":")[0] or first.place
            self._each += (UsageError(place, f"more of it, the first {len(mistakes)} are told. Correct these."),)

    @property
    def each(self) -> tuple[SigcheckError, ...]:
        """All of them."""
        return self._each


def bounded_line(text: str) -> str:
    """The text as it may stand in a message: one line, and its middle left out where it is long."""
    shown = text if len(text) <= _BEGIN + _END else f"{text[:_BEGIN]} ... {text[-_END:]}"
    return printable(shown)
