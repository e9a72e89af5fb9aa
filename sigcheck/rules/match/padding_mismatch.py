"""Rows are filled up with another value, or on the other side.

## What it does
Finds an output and an input that both declare their padding, and not the same one. Where the
policy prefers a filling and an input that is filled up declares another, the declaration is
followed, and a note says so.

## Why is this bad?
A mask that looks for zeros finds none, and the model reads the filling as content. A model
that was trained with padding in front reads the wrong end.

## Example
    ids: warning[padding_mismatch]: required padding with 0 behind, provided padding with 1 behind
      required  ids: int32[?, 128]
      provided  tokens: int32[?, 128]

## What to do
Use the adapter where it takes the filling off and fills the rows again. Else set the padding in the
producer to what the consumer wants, or give the rows ragged.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.course import Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import number
from sigcheck.schema.facts import Padding
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.policy import Policy
from sigcheck.transforms.parts.filling import is_other_sense

NAME = "padding_mismatch"
ORDER = 290
LEVEL: Level = "warning"

_HELP = "pad in the producer as the consumer wants it, or give it ragged rows"
_OTHER_SENSE = (
    "a mask has ones where rows are filled up, or where they are not: give the opposite of it, as 1 - x, and declare "
    "how that is filled"
)
_FILLING = frozenset({"pad", "ragged_to_dense"})


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose known paddings differ, or that is not filled as the policy prefers."""
    for course in match.courses:
        yield from _unfollowed(course, match.policy)
        ours, theirs = course.provided.facts.padding, course.required.facts.padding
        if "padding" in course.conflicts and ours is not None and theirs is not None:
            said = f"required padding with {_filling(theirs)}, provided padding with {_filling(ours)}"
            help_ = _OTHER_SENSE if is_other_sense(course.provided, course.required) else _HELP
            yield course.mismatch("padding", NAME, LEVEL, said, help_)


def _unfollowed(course: Course, policy: Policy) -> Iterator[Finding]:
    declared = course.required.facts.padding
    if declared is None or not course.where(lambda change: change.step.transform in _FILLING):
        return
    value = declared.value if policy.pad_value is None else policy.pad_value
    preferred = Padding(value=value, side=policy.pad_side or declared.side)
    if preferred != declared:
        yield course.finding(
            NAME,
            "note",
            f"filled with {_filling(declared)}, as declared; the policy prefers {_filling(preferred)}",
            "nothing, if the declaration is right; else correct the padding of the input",
        )


def _filling(padding: Padding) -> str:
    value = padding.value
    word = repr(value) if isinstance(value, bool | str) else number(value)
    return f"{word} {'behind' if padding.side == 'post' else 'in front'}"
