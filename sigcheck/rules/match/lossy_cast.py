"""A cast rounds values, or drops more of them than the policy allows.

## What it does
Finds a cast that is not exact: to a float with fewer digits (rounding), from a float to whole
numbers, or one that clips (truncating). Within the policy it is a warning; beyond it an
error that names the policy that would allow it.

## Why is this bad?
A rounded value is near the one that was meant. A truncated one is not: 0.9 becomes 0. Neither
raises an error when the models run.

## Example
    ids: error[lossy_cast]: cast from float32 to int32 truncates, the policy allows rounding
      required  ids: int32[?, 16]
      provided  scores: float32[?, 16]
      help      cast(dtype=int32) would do it; allow it with --loss truncating

## What to do
For rounding, mostly nothing: it is what a change of precision costs. Where the policy is
exact, or values would be truncated, look whether the right output is bound, then allow the
loss with `--loss`, or convert in one of the models.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.cost import LOSSES, Loss
from sigcheck.schema.finding import Finding, Level

NAME = "lossy_cast"
ORDER = 170
LEVEL: Level = "warning"

_FATES: dict[Loss, str] = {
    "exact": "keeps every value",
    "rounding": "rounds",
    "truncating": "truncates",
    "irreversible": "keeps no way back",
}


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each cast that is not exact."""
    for course in match.courses:
        allowed = course.policy.loss
        for change in course.casts:
            before, step = change
            if step.loss == "exact":
                continue
            is_beyond = LOSSES.index(step.loss) > LOSSES.index(allowed)
            limit = f", the policy allows {allowed}" if is_beyond else ""
            yield course.finding(
                NAME,
                course.level(LEVEL, [change], is_cured=True),
                f"cast from {before.dtype} to {step.result.dtype} {_FATES[step.loss]}{limit}",
                course.cure([change], ""),
            )
