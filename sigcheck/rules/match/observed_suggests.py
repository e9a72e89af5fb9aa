"""Data lies in another range than the consumer takes, and nobody declared which encoding it has.

## What it does
Looks at data of an output whose range nobody declared. Where the consumer's range is declared or proved by its graph,
and the data is plainly in another one, it says the declaration that would make the plan convert.

A graph that scales its input as a usual encoding is scaled, by 1/255 or by 2 less 1, proves no range: there both ends
are to be declared, and only data of another usual encoding is told. Where it lies within the range that is meant, and
is but much narrower, that is a note.

## Why is this bad?
Undeclared ranges are not compared, so that pictures in [0, 255] reach a model of [0, 1] and every prediction is wrong.

## Example
    x: warning[observed_suggests]: data of pixels lies in [0, 255], the input takes [0, 1]
      required  x: float32[?, 224, 224, 3]
      provided  pixels: float32[?, 224, 224, 3]
      help      declare it, if that is its encoding: --fact producer.pixels.range=0,255 (1,000 rows of samples.npz)

## What to do
Declare the ends that the encoding has. The suggestion is a usual encoding where the data fits one, else the ends that
the data has.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.encodings import is_scaled, usual_ends
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import Pair, claim_of, seen_pairs
from sigcheck.rules.views.shown import Shown, shown_endpoints
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.agreement import is_bound
from sigcheck.schema.facts import Range
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.signature import Endpoint

NAME = "observed_suggests"
ORDER = 314
LEVEL: Level = "warning"

# Data in [0, 1] before a model of [0, 255]; data in [0, 1] before one of [-1, 1] may be its brighter half.
_NARROW = 0.1


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose output has data in another range than the input takes."""
    shown = {one.endpoint.name: one for one in shown_endpoints(match) if one.side == "producer"}
    for pair in seen_pairs(match):
        data = shown.get(pair.output.name)
        if data is None or data.evidence.values is None or is_bound(pair.output.spec, pair.input.spec):
            continue
        wanted = _taken(pair.input)
        found = _of_scaling(pair, data) if wanted is None else _of_range(pair, data, data.evidence.values, wanted)
        if found is not None:
            yield found


def _of_range(pair: Pair, data: Shown, values: Range, wanted: Range) -> Finding | None:
    """What is told where the range of the input is declared or proved."""
    likely = usual_ends(values, is_whole=data.evidence.whole is True) or values
    if _is_known(pair.output) or not _is_of_other(values, likely, wanted):
        return None
    return _finding(pair, data, LEVEL, f"takes {interval(wanted)}", _option("producer", pair.output, likely))


def _of_scaling(pair: Pair, data: Shown) -> Finding | None:
    """What is told where the input is scaled as values of a usual encoding are, and the data is of another one."""
    claim, values = claim_of(pair.input, "range", tier="convention"), data.evidence.values
    facts = pair.output.spec.facts
    is_declared = facts.range is not None and facts.origins.get("range") != "observed"
    if is_declared or _is_encoded(pair.output) or _is_encoded(pair.input):
        return None
    if claim is None or values is None or is_scaled(facts.range, claim.value):
        return None
    likely = usual_ends(values, is_whole=data.evidence.whole is True)
    if likely is None or not _is_of_other(values, likely, claim.value):
        return None
    told = f"scales as values in {interval(claim.value)} are ({claim.reason})"
    options = f"{_option('producer', pair.output, likely)} and {_option('consumer', pair.input, claim.value)}"
    return _finding(pair, data, LEVEL if _is_outside(values, claim.value) else "note", told, options)


def _finding(pair: Pair, data: Shown, level: Level, taken: str, options: str) -> Finding:
    lies = interval(data.evidence.values or (0.0, 0.0))
    return pair.finding(
        NAME,
        level,
        f"data of {pair.output.name} lies in {lies}, the input {taken}",
        f"declare it, if that is its encoding: {options} ({data.behind})",
    )


def _option(side: str, endpoint: Endpoint, ends: Range) -> str:
    return fact_option(side, endpoint.name, "range", ",".join(number(end) for end in ends))


def _is_known(output: Endpoint) -> bool:
    return output.spec.facts.range is not None or _is_encoded(output)


def _is_encoded(endpoint: Endpoint) -> bool:
    """Whether its values are not what a range would say, but normalized or stored ones."""
    facts = endpoint.spec.facts
    return facts.normalization is not None or facts.quantization is not None


def _taken(endpoint: Endpoint) -> Range | None:
    """The range that the input is known to take."""
    facts = endpoint.spec.facts
    if facts.quantization is not None:
        return None
    if facts.normalization is not None:
        return facts.normalization.raw_range
    claim = claim_of(endpoint, "range")
    return facts.range if facts.range is not None or claim is None or claim.tier == "convention" else claim.value


def _is_of_other(values: Range, likely: Range, wanted: Range) -> bool:
    """Whether the data leaves the range, or its encoding is so much narrower that it cannot be meant to fill it."""
    is_narrow = likely[1] - likely[0] < _NARROW * (wanted[1] - wanted[0])
    # One value everywhere, as of a black picture, shows no encoding.
    return values[0] < values[1] and likely != wanted and (_is_outside(values, wanted) or is_narrow)


def _is_outside(values: Range, wanted: Range) -> bool:
    return values[0] < wanted[0] or values[1] > wanted[1]
