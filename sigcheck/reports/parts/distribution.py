"""Distribution: what data showed of a tensor, in a few words and a small histogram."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sigcheck.reports.parts.canvas import drawing, number
from sigcheck.schema.evidence import Evidence, Seen

_BARS = 24
# In pixels.
_WIDTH, _HEIGHT = 240.0, 44.0
_HALF = (0.25, 0.75)


@dataclass(frozen=True)
class Histogram:
    """The drawing, what it counts, and the ends of what it counts."""

    drawing: str
    counts: str
    least: str
    greatest: str


@dataclass(frozen=True)
class SeenView:
    """One tensor as the page shows it."""

    side: str
    name: str
    words: tuple[str, ...]
    histograms: tuple[Histogram, ...]


def view_seen(seen: Seen) -> SeenView:
    """The words and the histograms: of the values, where their quantiles are known, and of the lengths of its rows."""
    return SeenView(seen.side, seen.name, tuple(_words(seen.evidence)), tuple(_histograms(seen.name, seen.evidence)))


def _words(evidence: Evidence) -> Iterator[str]:
    files = [one.partition(" sha256:")[0] for one in evidence.files]
    of = f" of {files[0]}" if files else ""
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    yield f"{evidence.rows:,} row{'' if evidence.rows == 1 else 's'}{of}{more}"
    if evidence.values is not None:
        least, greatest = evidence.values
        whole = ", all whole" if evidence.whole else ""
        yield f"values from {least:.6g} to {greatest:.6g}{whole}"
    quantiles = dict(evidence.quantiles)
    if all(share in quantiles for share in _HALF):
        yield f"half of them from {quantiles[_HALF[0]]:.6g} to {quantiles[_HALF[1]]:.6g}"
    if evidence.sums_to_one is not None and (evidence.sums_to_one or _may_be_shares(evidence.values)):
        yield "rows sum to one" if evidence.sums_to_one else "rows do not all sum to one"
    if evidence.lengths:
        lengths = [length for length, _ in evidence.lengths]
        yield f"rows from {min(lengths):,} to {max(lengths):,} long"


def _may_be_shares(values: tuple[float, float] | None) -> bool:
    """Whether it is worth a word that they do not sum to one: of what lies outside of [0, 1] nobody would think so."""
    least, greatest = (0.0, 1.0) if values is None else values
    return least >= 0 and greatest <= 1


def _histograms(name: str, evidence: Evidence) -> Iterator[Histogram]:
    if evidence.quantiles and evidence.values is not None and evidence.values[0] < evidence.values[1]:
        least, greatest = evidence.values
        knots = ((0.0, least), *evidence.quantiles, (1.0, greatest))
        yield _drawn(f"values of {name}", _spread(knots, least, greatest), least, greatest)
    if len(evidence.lengths) > 1:
        ends = min(length for length, _ in evidence.lengths), max(length for length, _ in evidence.lengths)
        shares = [0.0] * _BARS
        rows = sum(count for _, count in evidence.lengths)
        for length, count in evidence.lengths:
            shares[_bar(length, *ends)] += count / rows
        yield _drawn(f"lengths of the rows of {name}", shares, *ends)


def _spread(knots: Sequence[tuple[float, float]], least: float, greatest: float) -> list[float]:
    """The share of all numbers in each bar: between two quantiles they are taken to lie evenly."""
    shares = [0.0] * _BARS
    wide = (greatest - least) / _BARS
    for (before, low), (share, high) in pairwise(knots):
        if high <= low:
            shares[_bar(low, least, greatest)] += share - before
            continue
        for bar in range(_bar(low, least, greatest), _bar(high, least, greatest) + 1):
            within = min(high, least + (bar + 1) * wide) - max(low, least + bar * wide)
            shares[bar] += (share - before) * max(0.0, within) / (high - low)
    return shares


def _bar(value: float, least: float, greatest: float) -> int:
    return max(0, min(_BARS - 1, int((value - least) / (greatest - least) * _BARS)))


def _drawn(counts: str, shares: Sequence[float], least: float, greatest: float) -> Histogram:
    most = max(shares)
    wide = _WIDTH / _BARS
    parts = [
        f'<rect class="bar" x="{number(at * wide)}" y="{number(_HEIGHT - high)}" width="{number(wide - 1)}" '
        f'height="{number(high)}"/>'
        for at, share in enumerate(shares)
        if (high := max(1.0, _HEIGHT * share / most) if share > 0 else 0.0)
    ]
    title = f"Histogram of the {counts}, from {least:.6g} to {greatest:.6g}"
    return Histogram(drawing(parts, _WIDTH, _HEIGHT, title), counts, f"{least:.6g}", f"{greatest:.6g}")
