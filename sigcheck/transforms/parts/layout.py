"""Layout: where the axes of a result come from, and what that does to facts about axes.

What each kind of step does to names is decided here and in `schema.axis_agreement`, and written down
in docs/facts.md: an axis whose name the consumer has stays whole until it stands where the
consumer has it. No step merges, splits or drops it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod

from sigcheck.schema.axis_agreement import are_other_axes
from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.facts import Axes, Facts, Quantization
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.plan import Atom, Layout
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.channels import channel_axes

# Scales that are written out for a merged axis; an adapter holds them as a list.
MOST_NUMBERS = 4096


def whole_axes(groups: Iterable[Sequence[int]]) -> Layout:
    """The layout in which each result axis is made of these whole source axes."""
    return tuple(tuple(Atom(axis) for axis in group) for group in groups)


def facts_moved(spec: TensorSpec, layout: Layout, required: Facts, *, is_lined_up: bool = False) -> Facts | None:
    """The facts after the move, or None where a fact could not be said any more.

    An axis that the consumer names by the same name must survive as a whole. Scales stay with their
    indices: an axis that is merged with others has them over and over. Numbers of channels have no
    axis of their own, so that theirs must survive. A new axis takes its name from the required axes where
    that name is not in use; where the layout `is_lined_up` with them, what was merged or split does too.
    """
    facts = moved = spec.facts
    if facts.axes is not None:
        names = _names_after(spec.shape or (), facts.axes, layout, required.axes, is_lined_up=is_lined_up)
        if names is None:
            return None
        moved = moved.replace(axes=names)
    stored = facts.quantization
    if stored is not None and stored.axis is not None:
        found = _stored_after(spec.shape or (), layout, stored)
        if found is None:
            return None
        moved = moved.replace(quantization=found)
    return moved if _keeps_channels(spec, layout, required) and not _fills_between(spec, layout, required) else None


def _fills_between(spec: TensorSpec, layout: Layout, required: Facts) -> bool:
    """Whether a merge puts what fills rows of ids between ids, where both sides say that it stands at one end."""
    ours, shape = spec.facts, spec.shape or ()
    if ours.padding is None or required.padding is None:
        return False
    if not any(one.meaning in CATEGORICAL or one.id_count is not None for one in (ours, required)):
        return False
    return any(sum(atom.size is None and shape[atom.axis] != 1 for atom in group) > 1 for group in layout)


def _keeps_channels(spec: TensorSpec, layout: Layout, required: Facts) -> bool:
    """Whether the axis of the channels survives as a whole, where each has numbers that the consumer has otherwise."""
    numbers = spec.facts.normalization
    if numbers is None or len(numbers.mean) == 1 or numbers == required.normalization:
        return True
    kept = {group[0].axis for group in layout if len(group) == 1 and group[0].size is None}
    return kept.issuperset(channel_axes(spec, len(numbers.mean)))


def forgets(axes: Axes | None, left: Axes | None, required: Facts) -> bool:
    """Whether a step that leaves these names has lost one that the consumer has.

    >>> forgets(("batch", "time"), ("batch", None), Facts(axes=("batch", "time")))
    True
    >>> forgets(("batch", "time"), ("batch", None), Facts(axes=("batch", "feature")))
    False
    """
    return _forgets(axes, left, required.axes)


def _forgets(axes: Axes | None, left: Axes | None, required: Axes | None) -> bool:
    if axes is None or required is None:
        return False
    return any(name is not None and name in required and name not in (left or ()) for name in axes)


def batch_axis(spec: TensorSpec) -> int | None:
    """The axis of the examples: the one named batch, else the first where its size is unknown.

    >>> from sigcheck.schema.notation import parse_spec
    >>> clips = parse_spec("float32[?, 1000]")
    >>> batch_axis(clips), batch_axis(clips.replace(facts=Facts(axes=("height", "width"))))
    (0, None)
    >>> batch_axis(clips.replace(facts=Facts(axes=("feature", "batch"))))
    1
    """
    axes = spec.facts.axes
    if axes is not None and "batch" in axes:
        return axes.index("batch")
    is_open = bool(spec.shape) and spec.shape is not None and spec.shape[0] is None
    is_other = axes is not None and bool(axes) and are_other_axes(axes[0], "batch")
    return 0 if is_open and not is_other else None


def _stored_after(shape: Shape, layout: Layout, stored: Quantization) -> Quantization | None:
    """The scales along the axis that theirs became, or became a part of; None where that axis is split or gone."""
    for index, group in enumerate(layout):
        places = [place for place, atom in enumerate(group) if atom.axis == stored.axis and atom.size is None]
        if not places:
            continue
        outer, inner = ([shape[atom.axis] for atom in part] for part in (group[: places[0]], group[places[0] + 1 :]))
        if None in (*outer, *inner):
            return None
        times, each = prod(size or 0 for size in outer), prod(size or 0 for size in inner)
        if len(stored.scale) * times * each > MOST_NUMBERS or not times * each:
            return None
        scale, zero_point = (
            tuple(number for number in numbers for _ in range(each)) * times
            for numbers in (stored.scale, stored.zero_point)
        )
        return stored.model_copy(update={"scale": scale, "zero_point": zero_point, "axis": index})
    return None


@lru_cache(maxsize=MOST_REMEMBERED)
def _names_after(shape: Shape, axes: Axes, layout: Layout, wanted: Axes | None, *, is_lined_up: bool) -> Axes | None:
    """The names after the move; None where it loses one that the consumer has, or makes an axis of others than it has
    there.
    """
    has_partners = wanted is not None and len(wanted) == len(layout)
    names: list[str | None] = []
    for index, group in enumerate(layout):
        name = wanted[index] if has_partners and wanted is not None else None
        if len(group) == 1 and group[0].size is None:
            names.append(axes[group[0].axis])
            continue
        # One entry is as good a batch as it is a channel.
        if is_lined_up and any(are_other_axes(axes[atom.axis], name) and shape[atom.axis] != 1 for atom in group):
            return None
        names.append(name if name not in axes and (is_lined_up or not group) else None)
    return None if _forgets(axes, tuple(names), wanted) else tuple(names)
