"""Meaning: what a verdict says, in the words of every report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sigcheck.schema.plan import Verdict

if TYPE_CHECKING:
    from sigcheck.schema.report import Binding

_MEANS: Mapping[Verdict, str] = {
    "fits": "nothing to do",
    "adapts": "an adapter makes it fit",
    "guarded": "an adapter makes it fit, and asserts what only the run decides",
    "undecided": "a declaration is needed",
    "blocked": "no adapter within the policy",
}
_STOPPED = "the search ended at its limit"


def meaning(verdict: Verdict, bindings: Iterable[Binding]) -> str:
    """What a verdict of these bindings says; of an undecided one whether a declaration or the search falls short.

    >>> meaning("fits", ())
    'nothing to do'
    """
    if verdict == "undecided":
        undecided = [one.is_cut_short for one in _all_of(bindings) if one.verdict == "undecided"]
        if undecided and all(undecided):
            return _STOPPED
    return _MEANS[verdict]


def _all_of(bindings: Iterable[Binding]) -> Iterator[Binding]:
    """Yields what was searched for by itself: the parts of a binding that has some, and the binding that has none."""
    for binding in bindings:
        if any(part.verdict == "undecided" for part in binding.parts):
            yield from _all_of(binding.parts)
        else:
            yield binding
