"""Elsewhere: of a pair that is blocked, the other signatures of either model that would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sigcheck.schema.elsewhere import Elsewhere
from sigcheck.schema.errors import SigcheckError
from sigcheck.stages.draft import Draft
from sigcheck.stages.read_source import ReadSource

# Of either model. A model has a handful; each is planned for.
_MOST = 8


def look_elsewhere(draft: Draft, again: Callable[[object, object], Draft]) -> Draft:
    """A draft that is blocked, with the signatures that would do in place of its own; `again` drafts another pair."""
    if not draft.sources:
        return draft
    return replace(draft, elsewhere=tuple(_found(draft, again)))


def _found(draft: Draft, again: Callable[[object, object], Draft]) -> Iterator[Elsewhere]:
    *producers, consumer = draft.sources
    pairs: list[tuple[object, object, ReadSource]] = []
    if len(producers) == 1:
        pairs += [(one, consumer, one) for one in producers[0].others("outputs")[:_MOST]]
    giver = producers if len(producers) > 1 else producers[0]
    pairs += [(giver, one, one) for one in consumer.others("inputs")[:_MOST]]
    for provided, required, other in pairs:
        try:
            found = again(provided, required)
        except SigcheckError:
            # A fact or a binding of a name that the other signature does not have.
            continue
        if found.verdict not in {"blocked", "undecided"}:
            yield Elsewhere(source=other.written, verdict=found.verdict)
