"""Data holds values that what is known of their tensor rules out.

## What it does
Holds what `sigcheck observe` saw against what is declared, read or proved of both ends: values outside of a range or of
what the dtype can hold, ids that there is no row for, probabilities that do not sum to one, ids that are not whole.

## Why is this bad?
One of the two is wrong. A scaling by a declared range that the data does not keep to leaves the range that the
consumer takes, an id beyond the count has no row, and nothing fails.

## Example
    x: error[observed_contradicts_declared]: data holds values in [0, 255], against the declared range [0, 1]
      help      correct the declaration, or look for what is wrong with the data: 1,000 rows of samples.npz

## What to do
Correct whichever is wrong. Where the data is of another tensor, observe it under its own name or side (`--name`,
`--side`).
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import claim_of, seen_pairs
from sigcheck.rules.views.shown import Shown, contradictions, shown_endpoints
from sigcheck.rules.words.wording import number
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.signature import Endpoint

NAME = "observed_contradicts_declared"
ORDER = 312
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each endpoint that data contradicts, and for each input that it has ids beyond."""
    shown = {(one.side, one.endpoint.name): one for one in shown_endpoints(match)}
    for one in shown.values():
        found = next(iter(contradictions(one)), None)
        if found is not None:
            is_output = one.side == "producer"
            yield Finding(
                rule=NAME,
                level=LEVEL,
                place=one.endpoint.name,
                message=f"data holds {found[0]}, against the {found[1]}",
                help=f"correct the declaration, or look for what is wrong with the data: {one.behind}",
                **{"provided" if is_output else "required": str(one.endpoint)},
            )
    for pair in seen_pairs(match):
        data = shown.get(("producer", pair.output.name))
        bound = _count(pair.input)
        is_planned = pair.output.spec.facts.origins.get("range") == "observed"
        if data is not None and bound is not None and not is_planned and _has_ids_beyond(data, bound):
            told = f"data of {pair.output.name} holds the id {number((data.evidence.values or (0, 0))[1])}"
            yield pair.finding(
                NAME,
                LEVEL,
                f"{told}, the input takes ids below {bound}",
                f"pair the vocabulary with its model, or look for what is wrong with the data: {data.behind}",
            )


def _count(endpoint: Endpoint) -> int | None:
    if endpoint.spec.facts.id_count is not None:
        return endpoint.spec.facts.id_count
    claim = claim_of(endpoint, "id_count")
    return None if claim is None or claim.tier == "convention" else int(claim.value)


def _has_ids_beyond(data: Shown, bound: int) -> bool:
    values, own = data.evidence.values, data.endpoint.spec.facts.id_count
    # Beyond its own count it is said above.
    is_own = own is not None and values is not None and values[1] >= own
    return values is not None and data.evidence.whole is True and values[1] >= bound and not is_own
