"""Whole numbers are cast to a narrower type, behind a guard.

## What it does
Finds a cast of whole numbers to a type that does not hold them all, such as int64 to int32,
where no declared range or id count proves that they fit. The adapter asserts the values.

## Why is this bad?
`tf.cast` wraps silently: 2**31 becomes -2**31. With the guard the adapter fails loudly
instead, when the model runs. Under XLA assertions are dropped, and the value wraps.

## Example
    ids: warning[wrapping_cast]: int64 values that do not fit in int32 are refused at run time
      required  ids: int32[?, 16]
      provided  tokens: int64[?, 16]

## What to do
Declare what is known of the values, with `--fact producer.tokens.id_count=30522` or
`--fact producer.tokens.range=0,1000`: the cast is then exact, without a guard.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "wrapping_cast"
ORDER = 180
LEVEL: Level = "warning"

# The upper end that is shown, where the type has it: a number as people would write one.
_EXAMPLE = 1000


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each cast that has a guard."""
    for course in match.courses:
        for change in course.casts:
            before, step = change
            if not step.guard:
                continue
            lacking, kept = course.opening([change]), _kept(before, step.result, course.required.facts)
            ways = [] if kept is None or _is_told(course.provided) else [_declare(course.binding.provided, *kept)]
            if lacking and not course.is_planned:
                ways.append(f"allow {lacking}")
            yield course.finding(
                NAME,
                course.level(LEVEL, [change], is_cured=True),
                f"{before.dtype} values that {_refused(step)} are refused at run time",
                "; or ".join(ways) or "nothing to do where no such value comes",
            )


def _refused(step: Step) -> str:
    is_kept = step.arguments.get("check") == "kept"
    return f"{step.result.dtype} does not hold as they are" if is_kept else f"do not fit in {step.result.dtype}"


def _is_told(output: TensorSpec) -> bool:
    """Whether the producer says already which numbers there are: another declaration would not be true."""
    facts = output.facts
    return (facts.range, facts.id_count, facts.quantization) != (None, None, None)


def _declare(output: str, least: int, most: int) -> str:
    return f"declare the values, as with {fact_option('producer', output, 'range', f'{least},{most}')}"


def _kept(before: TensorSpec, after: TensorSpec, wanted: Facts) -> tuple[int, int] | None:
    """Numbers between which no guard is needed; None where no range tells it: of floats some are no whole numbers."""
    source, target = (DTYPES[spec.dtype or "variant"] for spec in (before, after))
    if source.kind == "float":
        return None
    held = 1 << target.digits if target.kind == "float" else int(target.highest or 0)
    # A range that the producer's type has not, or the consumer does not take, would be refused.
    least = max(-held if target.kind == "float" else int(target.lowest or 0), int(source.lowest or 0))
    most = min(held, int(source.highest or 0))
    if wanted.range is not None:
        least, most = max(least, ceil(wanted.range[0])), min(most, floor(wanted.range[1]))
    if wanted.id_count is not None:
        least, most = max(least, 0), min(most, max(wanted.id_count - 1, 1))
    if least <= 0 < most:
        least, most = 0, min(most, _EXAMPLE)
    return (least, most) if least < most else None
