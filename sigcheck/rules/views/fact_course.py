"""Fact course: what became of one fact of an input or output from the old version to the new.

A link compares what both of its models say, and converts by it. So a fact that is gone takes a
conversion or a comparison with it, and a fact that is another changes what is converted; a new one can
only reach links that were not compared. Counts and bounds of ids alone have an order: of an output they
may fall, of an input rise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sigcheck.rules.views.upgrade import Pair, UpgradeView
from sigcheck.schema.agreement import conflicts
from sigcheck.schema.example_features import Features
from sigcheck.schema.facts import FACT_NAMES, Facts
from sigcheck.schema.id_agreement import id_bound
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.value import Value

# `bounded`: another bound of ids, and one that nobody who knew the old one can miss.
Became = Literal["changed", "removed", "added", "bounded"]


def fact_courses(pair: Pair) -> dict[str, Became]:
    """What became of each fact that is not the same as it was, in the order of the facts."""
    old, new = pair.old.spec.facts, pair.new.spec.facts
    if old == new:
        return {}
    settled = conflicts(pair.provided.spec, pair.required.spec)
    return {
        fact: "changed" if fact in settled else _became(pair, fact)
        for fact in FACT_NAMES
        if getattr(old, fact) != getattr(new, fact)
    }


def _became(pair: Pair, fact: str) -> Became:
    old, new = pair.old.spec.facts, pair.new.spec.facts
    if fact == "id_count" or (fact == "range" and _are_bounds(old, new)):
        return _bound(pair, fact)
    before, after = getattr(old, fact), getattr(new, fact)
    if before is None or after is None:
        return "added" if before is None else "removed"
    if fact == "normalization":
        # All but the range of what is normalized is the same, and one side does not say that.
        return "added" if before.raw_range is None else "removed"
    if fact == "features":
        # Every Example that was parsed is parsed still, or what is given holds what it held.
        return "bounded"
    if fact == "axes" and len(before) == len(after):
        return _names(before, after)
    return "changed"


def _are_bounds(old: Facts, new: Facts) -> bool:
    """Whether a range only says how large ids or lengths become, in both versions."""
    return old.meaning in CATEGORICAL and new.meaning in CATEGORICAL


def _bound(pair: Pair, fact: str) -> Became:
    old, new = pair.old.spec.facts, pair.new.spec.facts
    before, after = id_bound(old), id_bound(new)
    if before is not None and after is not None:
        is_kept = after <= before if pair.end == "output" else after >= before
        return "bounded" if is_kept else "changed"
    if getattr(old, fact) is None or getattr(new, fact) is None:
        return "added" if getattr(old, fact) is None else "removed"
    # A range of lengths or of a mask; one that leads beyond the other is a conflict.
    return "bounded"


def _names(before: tuple[str | None, ...], after: tuple[str | None, ...]) -> Became:
    pairs = [one for one in zip(before, after, strict=True) if one[0] != one[1]]
    if all(old is None for old, _ in pairs):
        return "added"
    return "removed" if all(new is None for _, new in pairs) else "changed"


def facts_that(became: Became, upgrade: UpgradeView) -> Iterator[tuple[Pair, str]]:
    """Yields each input and output with a fact of which this became, in words: `range is [0, 1], and was [0, 255]`."""
    for pair in upgrade.pairs:
        yield from ((pair, _words(fact, pair)) for fact, found in fact_courses(pair).items() if found == became)


def _words(fact: str, pair: Pair) -> str:
    old, new = (_text(getattr(one.spec.facts, fact)) for one in (pair.old, pair.new))
    return f"{fact} are {new}, and were {old}" if fact == "axes" else f"{fact} is {new}, and was {old}"


def _text(value: object) -> str:
    if isinstance(value, Features):
        return str(value)
    if isinstance(value, Value):
        return " ".join(f"{name} {_text(one)}" for name, one in value if one is not None)
    if isinstance(value, tuple):
        return f"[{', '.join('?' if one is None else _text(one) for one in value)}]"
    if value is None:
        return "not known"
    return f"{value:g}" if isinstance(value, float) else str(value)
