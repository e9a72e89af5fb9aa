"""Evidence: what data showed of one tensor, beside the facts that it stands behind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from sigcheck.schema.facts import FACT_NAMES, Finite
from sigcheck.schema.value import Value


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in FACT_NAMES:
            raise ValueError(f"no fact {name!r}")
    return names


class Evidence(Value):
    """As `sigcheck observe` writes it into a file of facts, under `observed`.

    `facts` are those that are known only because data showed them. `rows` of `files` stand behind it. `values` are the
    least and the greatest number, `whole` whether all are whole, `sums_to_one` whether each last axis is a
    distribution, `lengths` (length, rows) of ragged and padded rows, `quantiles` (share, value) of the numbers. None
    and empty: not seen, or not looked at.
    """

    facts: Annotated[tuple[str, ...], AfterValidator(_known)]
    rows: int = 0
    files: tuple[str, ...] = ()
    values: tuple[Finite, Finite] | None = None
    whole: bool | None = None
    sums_to_one: bool | None = None
    lengths: tuple[tuple[int, int], ...] = ()
    quantiles: tuple[tuple[Finite, Finite], ...] = ()


class Seen(Value):
    """What data showed of an endpoint of one side of a check: `producer` or `consumer`."""

    side: Literal["producer", "consumer"]
    name: str
    evidence: Evidence
