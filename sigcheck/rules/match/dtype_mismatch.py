"""The dtype differs, and a cast cures it without loss, or nothing does.

## What it does
Finds an output whose dtype is not the one that the input requires, where every value
survives the cast, or where no cast leads from the one to the other.

A cast that rounds or drops values is `lossy_cast`, one that asserts its values at run time
is `wrapping_cast`, and numbers that stand for others by a scale are `quantization_mismatch`.

## Why is this bad?
TensorFlow converts nothing by itself: it refuses the tensor when the model runs. Keras does
convert, also where the numbers then mean something else.

## Example
    image: warning[dtype_mismatch]: required dtype float32, provided uint8
      required  image: float32[?, 224, 224, 3]
      provided  pixels: uint8[?, 224, 224, 3]

## What to do
Use the adapter, or cast with `tf.cast(pixels, tf.float32)`. A cast changes no value range: a
model trained on values from 0 to 1 needs a rescale too, so declare both ranges.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.planning.advice import planned
from sigcheck.rules.views.course import Course
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.finding import Finding, Level
from sigcheck.transforms.parts.casting import WHOLE_KINDS, leaves_nothing
from sigcheck.transforms.parts.kernels import PARSED

NAME = "dtype_mismatch"
ORDER = 160
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose dtypes differ and whose cast, if any, is exact."""
    for course in match.courses:
        ours, theirs = course.provided.dtype, course.required.dtype
        if ours is None or theirs is None or ours == theirs or "quantization" in course.conflicts:
            continue
        casts = course.casts
        is_cured = course.end.dtype == theirs
        if any(step.guard or step.loss != "exact" for _, step in casts) or (is_cured and not casts):
            continue
        advice = f"no cast leads from {ours} to {theirs}; convert it in one of the models, or feed another output"
        if ours == "string" and theirs in PARSED:
            advice = (
                f"no cast leads from string to {theirs}; where the text writes numbers out, declare the same meaning "
                "of both sides; else convert it in one of the models, or feed another output"
            )
        if not is_cured and DTYPES[theirs].kind in WHOLE_KINDS and leaves_nothing(course.provided):
            advice = f"of shares of one {theirs} has 0 and 1 alone; scale them in the producer, or feed another output"
        elif not is_cured and _is_cast(course, theirs):
            # Where nothing else leads on, the nearest that was reached has it not yet.
            advice, is_cured = "a cast does it, once the rest leads there", True
        if not course.is_planned and not casts and "cast" in match.policy.deny:
            advice = "the policy denies the cast; leave out --deny cast"
        yield course.finding(
            NAME,
            course.level(LEVEL, casts, is_cured=is_cured),
            f"required dtype {theirs}, provided {ours}",
            course.cure(casts, advice),
        )


def _is_cast(course: Course, dtype: str) -> bool:
    """Whether the values alone, of which nothing else is known, are cast within the policy."""
    bare = course.provided.replace(facts=NO_FACTS)
    return planned(bare, bare.replace(dtype=dtype), course.policy).plan is not None
