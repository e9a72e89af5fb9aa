"""Cuts: what a step leaves out of rows that are too long, or refuses."""

from __future__ import annotations

from sigcheck.rules.views.course import Change
from sigcheck.schema.cost import LOSSES
from sigcheck.transforms import REDUCING


def cuts(change: Change) -> tuple[tuple[int, int, int | None], ...]:
    """The axes on which a step cuts rows or refuses long ones: (axis, size after it, size before it)."""
    before, step = change
    ours, theirs = before.shape, step.result.shape
    if ours is None or theirs is None or len(ours) != len(theirs) or step.transform in {"transpose", "reshape"}:
        return ()
    if step.transform in REDUCING:
        # One entry was to be left.
        return ()
    loses = LOSSES.index(step.loss) >= LOSSES.index("truncating")
    is_filled = before.kind == "ragged" and step.result.kind == "dense"
    return tuple(
        (axis, size, had)
        for axis, (had, size) in enumerate(zip(ours, theirs, strict=True))
        if size is not None
        and ((had is None and is_filled and (loses or step.guard)) or (loses and (had is None or had > size)))
    )
