"""Layout: where the axes of a result come from, and what that does to facts about axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Atom, Layout


def whole_axes(groups: Iterable[Sequence[int]]) -> Layout:
    """The layout in which each result axis is made of these whole source axes."""
    return tuple(tuple(Atom(axis) for axis in group) for group in groups)


def facts_moved(facts: Facts, layout: Layout, required: Facts) -> Facts | None:
    """The facts after the move, or None where a fact could not be said any more.

    A new axis takes its name from the required axes where that name is not in use. A
    quantized axis must survive as a whole: its scales belong to its indices.
    """
    moved = facts
    if facts.axes is not None:
        moved = moved.replace(axes=_names(facts.axes, layout, required.axes))
    if facts.quantization is not None and facts.quantization.axis is not None:
        rank = 1 + max((atom.axis for group in layout for atom in group), default=0)
        axis = facts.quantization.axis % max(rank, 1)
        at = [index for index, group in enumerate(layout) if group == (Atom(axis),)]
        if not at:
            return None
        moved = moved.replace(quantization=facts.quantization.model_copy(update={"axis": at[0]}))
    return moved


def _names(
    axes: tuple[str | None, ...], layout: Layout, wanted: tuple[str | None, ...] | None
) -> tuple[str | None, ...]:
    is_lined_up = wanted is not None and len(wanted) == len(layout)
    names: list[str | None] = []
    for index, group in enumerate(layout):
        if len(group) == 1 and group[0].size is None:
            names.append(axes[group[0].axis])
        elif not group and is_lined_up and wanted is not None and wanted[index] not in axes:
            names.append(wanted[index])
        else:
            names.append(None)
    return tuple(names)
