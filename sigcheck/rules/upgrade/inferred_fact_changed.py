"""The graph proves other values than before, under the same signature.

## What it does
Compares what the graphs of old and new version prove, as the lock recorded it: an output whose range
is wider than it was or has no bound any more, one that is no result of a softmax any more, an input
that takes fewer ids. Between two files it compares how an input is scaled, too: a version that has the
preprocessing of pictures inside with one that has another, or none. What a scaling is for is a convention, so this is
a note.

## Why is this bad?
The signature is the same, so that nothing fails; what was fitted to the old values is wrong.

## Example
    scores: warning[inferred_fact_changed]: range is not known, and was [0, 1]
      help      see that what is fed by it still fits, then agree with `sigcheck lock`

## What to do
Look at what the output feeds. Where the change is meant, agree to it with `sigcheck lock`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sigcheck.rules.views.seen import claim_of, words
from sigcheck.rules.views.upgrade import Pair, UpgradeView
from sigcheck.schema.feature_agreement import feature_differences
from sigcheck.schema.finding import Finding, Level

NAME = "inferred_fact_changed"
ORDER = 120
LEVEL: Level = "warning"


def find(upgrade: UpgradeView) -> Iterator[Finding]:
    """Yields one finding for each proved fact that no longer holds."""
    advice = "see that what is fed by it still fits, then agree with `sigcheck lock`"
    for pair in upgrade.pairs:
        if (said := _rescaled(pair)) is not None:
            yield pair.finding(NAME, "note", said, "see that those who feed it scale it, or no longer do")
        for old in pair.old.inferred:
            new = claim_of(pair.new, old.name, tier="proved")
            is_output = pair.end == "output"
            if old.tier != "proved" or not _is_other(old.name, old.value, new and new.value, is_output=is_output):
                continue
            now = "not known" if new is None else words("", new.value)
            yield pair.finding(NAME, LEVEL, f"{words(old.name, '')} is {now}, and was {words('', old.value)}", advice)


def _rescaled(pair: Pair) -> str | None:
    """What is told of an input that was scaled as usual, and is not any more, or as another encoding is."""
    if pair.end != "input" or pair.new.spec.dtype != pair.old.spec.dtype:
        return None
    old, new = (claim_of(one, "range", tier="convention") for one in (pair.old, pair.new))
    # A lock has no scalings: of one that is new there nothing can be told.
    if old is None or (new is not None and new.value == old.value):
        return None
    now = "is not scaled" if new is None else f"is scaled as values in {words('', new.value)} are ({new.reason})"
    return f"{now}, and was as values in {words('', old.value)} are ({old.reason})"


def _is_other(fact: str, old: Any, new: Any, *, is_output: bool) -> bool:
    """Whether what held of the old version may not hold of the new: an output may say more, an input ask for less."""
    if fact == "range" and is_output:
        return new is None or new[0] < old[0] or new[1] > old[1]
    if fact == "meaning":
        return bool(new != old) if is_output else new not in {None, old}
    if fact == "features" and not is_output:
        return new is not None and any(feature_differences(old, new))
    if fact == "id_count":
        return new is None or new > old if is_output else new is not None and new < old
    return False
