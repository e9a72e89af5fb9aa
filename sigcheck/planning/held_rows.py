"""Held rows: rows that were freed of what fills them are no longer than they were filled up to be.

Written back into an array of that length, or a greater one, they need no guard.
"""

from __future__ import annotations

from sigcheck.planning.meaning import Meaning
from sigcheck.schema.plan import Atom, Step
from sigcheck.schema.shape import Shape
from sigcheck.transforms import activation, dense_to_ragged, ragged_to_dense

_ROW_AXIS = 1


def unguarded_where_held(step: Step, meaning: Meaning, provided: Shape | None) -> Step:
    """The step, without its guard, or what it cuts off, where no row can be longer than it takes.

    `meaning` is what happened before the step, and `provided` the shape that it began with.
    """
    if step.transform != ragged_to_dense.NAME or not _keep_rows(meaning):
        return step
    sizes, layout = step.arguments["sizes"], meaning.layout
    group = layout[_ROW_AXIS] if len(layout) == len(sizes) else ()
    if [at for at, size in enumerate(sizes) if size is not None] != [_ROW_AXIS] or len(group) != 1:
        return step
    (atom,) = group
    length = None if provided is None or atom != Atom(atom.axis) else provided[atom.axis]
    # What else was done along the axis may have made rows longer.
    changed = [one for axes in (*(past.axes for past in meaning.past), meaning.axes) for one in axes]
    done = [name for (name, *_), changes in changed if any(of == group for of, _ in changes)]
    if length is None or length > sizes[_ROW_AXIS] or done != [dense_to_ragged.NAME]:
        return step
    return step.model_copy(
        update={
            "arguments": {name: value for name, value in step.arguments.items() if name != "check"},
            "loss": "exact",
            "guard": None,
            "instead_of": None,
            "cost": step.cost._replace(guards=0, truncating=0),
        }
    )


def _keep_rows(meaning: Meaning) -> bool:
    """Whether what took values together so far took those of an entry, whose rows stayed as they were."""
    return all(past.step.startswith(f"{activation.NAME}(") for past in meaning.past)
