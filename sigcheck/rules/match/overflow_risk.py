"""A cast to a float of small range, and the values may lie beyond it.

## What it does
Finds a cast to float16 or an 8-bit float where the range of the values is not known, and any
cast of which the known range does not fit in the target.

The rounding of such a cast is `lossy_cast`, an error where the policy does not allow it; this
rule is about values that get lost whole.

## Why is this bad?
float16 ends at 65504: whatever is larger becomes infinite, and infinity minus infinity is
NaN in the next layer. bfloat16 and float32 reach 3.4e38 and are not reported.

## Example
    x: warning[overflow_risk]: values beyond 65504 become infinite in float16; their range is not declared
      required  x: float16[?, 16]
      provided  hidden: float32[?, 16]

## What to do
Declare the range of the output, with `--fact producer.hidden.range=-1,1`. One that fits ends
the finding. Where values are scaled as well, the adapter scales before it casts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from sigcheck.rules.views.course import Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import claim_of
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Range
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import value_range

NAME = "overflow_risk"
ORDER = 190
LEVEL: Level = "warning"

# Models reach the end of float16 (65504) and of the 8-bit floats in practice, that of
# bfloat16 (3.4e38) never: beyond this limit an unknown range is no risk.
LARGEST_RISKY = 1e6

# The range that is shown to be corrected.
_EXAMPLE: Range = (-1.0, 1.0)


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each cast whose values may overflow."""
    outputs = {endpoint.name: endpoint for endpoint in match.outputs}
    for course in match.courses:
        for before, step in course.casts:
            if step.guard is not None:
                # A cast that is checked refuses what its type does not hold: wrapping_cast says so.
                continue
            shown, stored = _shown(outputs.get(course.binding.provided), before), _stored(course, before)
            if _is_summed(course, before):
                shown = stored = None
            risk = _risk(before, step.result.dtype, shown, stored)
            if risk is not None:
                yield course.finding(NAME, LEVEL, risk, _declare(course, shown or _within(stored)))


def _is_summed(course: Course, before: TensorSpec) -> bool:
    """Whether the values before the cast are sums, which reach further than what is summed."""
    until = takewhile(lambda change: change.before is not before, course.changes)
    return any(step.transform == "sum" for _, step in until)


def _shown(output: Endpoint | None, before: TensorSpec) -> Range | None:
    """The range of the values before the cast that the producer's graph proves, where no step has changed them yet."""
    claim = None if output is None else claim_of(output, "range")
    if output is None or claim is None or claim.tier == "convention" or before.dtype != output.spec.dtype:
        return None
    ours, now = (spec.facts.replace(axes=None, padding=None) for spec in (output.spec, before))
    return claim.value if ours == now else None


def _stored(course: Course, before: TensorSpec) -> Range | None:
    """The range of all that the codes stand for which became these values, where no step has changed them since."""
    for codes, step in course.changes:
        stored = codes.facts.quantization
        if step.transform == "dequantize" and stored is not None and step.result.facts == before.facts:
            limits = DTYPES[codes.dtype or "int8"]
            pairs = zip(stored.scale, stored.zero_point, strict=True)
            ends = [scale * (end - zero) for scale, zero in pairs for end in (limits.lowest or 0, limits.highest or 0)]
            return min(ends), max(ends)
    return None


def _within(stored: Range | None) -> Range | None:
    """A range as an example: none of values that the codes cannot stand for."""
    if stored is None:
        return _EXAMPLE
    low, high = max(stored[0], _EXAMPLE[0]), min(stored[1], _EXAMPLE[1])
    return (low, high) if low < high else None


def _declare(course: Course, ends: Range | None) -> str:
    wanted = "the range that the consumer wants, so that the values are scaled before the cast"
    if course.provided.facts.range is not None or ends is None:
        return f"declare {wanted}"
    option = fact_option("producer", course.binding.provided, "range", f"{ends[0]:.6g},{ends[1]:.6g}")
    return f"declare the range that the values have, as with {option}; and {wanted}"


def _risk(before: TensorSpec, target: str | None, shown: Range | None, stored: Range | None) -> str | None:
    source, to = DTYPES.get(before.dtype or ""), DTYPES.get(target or "")
    if source is None or to is None or to.kind != "float" or to.highest is None or source.highest is None:
        return None
    if source.highest <= to.highest:
        return None
    lost = f"values beyond {number(to.highest)} become infinite in {to.name}"
    ends = value_range(before.facts)
    known = ends or shown or stored
    if known is not None:
        is_beyond = max(abs(known[0]), abs(known[1])) > to.highest
        shows = "the producer's graph shows them" if shown else "they may be anything that its codes stand for,"
        told = "they are" if ends else shows
        return f"{lost}; {told} in {interval(known)}" if is_beyond else None
    if before.facts.id_count is not None and before.facts.id_count - 1 <= to.highest:
        return None
    return f"{lost}; their range is not declared" if to.highest < LARGEST_RISKY else None
