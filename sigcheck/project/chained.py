"""Chained: the links of a chain, each judged by what the inputs of the chain's first model may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from sigcheck.config.config import Config
from sigcheck.config.entries import LinkEntry
from sigcheck.stages.draft import Draft

if TYPE_CHECKING:
    from sigcheck.sizes.carried import Carried

Pair: TypeAlias = tuple[str, str]
# Drafts a link, by the sizes that are carried to it; None where it has a problem.
Drafted: TypeAlias = "Callable[[LinkEntry, Carried | None], Draft | None]"


class Chained:
    """What comes before each link in the chains of a config.

    A pair that begins a chain, or stands behind several others, is fed in several ways: it is judged by itself.
    """

    def __init__(self, config: Config) -> None:
        """Plans nothing yet."""
        self._before = _before(config)
        self._entries = {(link.producer, link.consumer): link for link in config.links}
        self._behind: dict[Pair, Carried | None] = {}

    def carried(self, link: LinkEntry, draft: Drafted) -> Carried | None:
        """The sizes up to the producer of a link; None where it stands behind no other, or nothing is known of them."""
        pair = self._before.get((link.producer, link.consumer))
        waiting: list[Pair] = []
        while pair is not None and pair not in self._behind:
            waiting.append(pair)
            pair = self._before.get(pair)
        found = None if pair is None else self._behind[pair]
        for each in reversed(waiting):
            found = self._behind[each] = _carried(draft(self._entries[each], found), found)
        return found


def _carried(draft: Draft | None, before: Carried | None) -> Carried | None:
    """What is known behind a link; None where no size of its first inputs is named."""
    if draft is None or not any(one.sizes for one in draft.feeds):
        return None
    from sigcheck.pipelines.feeding import behind, first

    return behind(first(draft) if before is None else before, draft)


def _before(config: Config) -> dict[Pair, Pair]:
    """For each pair the one that always stands before it. No circle is left: each chain begins with a pair of none."""
    found: dict[Pair, set[Pair | None]] = {}
    for pair, before in _pairs(config):
        found.setdefault(pair, set()).add(before)
    only = {pair: next(iter(before)) for pair, before in found.items() if len(before) == 1}
    return {pair: before for pair, before in only.items() if before is not None}


def _pairs(config: Config) -> Iterator[tuple[Pair, Pair | None]]:
    for chain in config.entries.chains:
        before = None
        for pair in zip(chain.models, chain.models[1:], strict=False):
            yield pair, before
            before = pair
