"""Meaning: what a chain of steps has done to the values so far, in a normal form.

Two orders of the same steps that mean the same (a cast and a transpose, say) get the same
form, so they meet in one node of the graph. Two chains of different forms may still mean
the same; that is decided on numbers, in `rivals`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sigcheck.schema.plan import Atom, Layout, Reach, Step
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import repeat

# Arguments that may be a list of numbers, one for each channel.
_OF_CHANNELS = frozenset(
    {"mean", "std", "scale", "zero_point", "from_scale", "from_zero_point", "to_scale", "to_zero_point"}
)
# Arguments that say to which sizes, which the spec says.
_OF_SIZES = frozenset({"sizes", "size"})


class Meaning(NamedTuple):
    """`layout` says where each axis comes from, `values` what was done to each element.

    `axes` holds what was done along axes (pad, repeat, cut): such steps commute with one
    another, with moves, and with what may come after or before them: no value is converted
    once an axis is filled. `past` holds the rest: each step that takes values together, and what came
    before it.
    """

    layout: Layout
    values: tuple[Any, ...] = ()
    axes: tuple[Any, ...] = ()
    past: tuple[Past, ...] = ()


class Past(NamedTuple):
    """A step that takes values together, behind what came before it.

    `told` is the step with its axis named by what that is made of, where it is made of something.
    """

    layout: Layout
    values: tuple[Any, ...]
    axes: tuple[Any, ...]
    step: str
    reach: Reach
    told: tuple[str, ...]


def no_change(spec: TensorSpec) -> Meaning:
    """The meaning of the empty chain. Axes of size 1 hold nothing that could be misplaced."""
    return Meaning(tuple(() if size == 1 else (Atom(axis),) for axis, size in enumerate(spec.shape or ())))


def after(meaning: Meaning, spec: TensorSpec, step: Step, provided: Shape | None) -> Meaning | None:
    """The meaning after one more step on the spec; None where it would scramble the values.

    `provided` is the shape at the start of the chain, which the atoms are parts of. A merge of
    a part of a split axis with anything but its other parts, or a split across merged axes, is
    a scramble. So are copies along more than one axis that is new.
    """
    if step.layout is not None:
        layout = _compose(meaning.layout, step.layout, provided or ())
        return None if layout is None else Meaning(layout, meaning.values, meaning.axes, meaning.past)
    if step.reach == "element":
        values = (*meaning.values, label(meaning, step))
        return Meaning(meaning.layout, values, meaning.axes, meaning.past)
    if step.transform == repeat.NAME and _copied(meaning) >= max(1, (provided or ()).count(1)):
        return None
    if step.reach == "axis" and len(spec.shape or ()) == len(meaning.layout):
        changes = tuple(
            (meaning.layout[axis], after)
            for axis, (before, after) in enumerate(zip(spec.shape or (), step.result.shape or (), strict=True))
            if before != after
        )
        axes = (*meaning.axes, (label(meaning, step), changes))
        layout = meaning.layout
        if step.loss == "irreversible":
            # What several entries were added up to holds nothing that could be misplaced; one that was taken does.
            layout = tuple(
                () if size == 1 else group for size, group in zip(step.result.shape or (), layout, strict=True)
            )
        return Meaning(layout, meaning.values, tuple(sorted(axes, key=repr)) if len(axes) > 1 else axes, meaning.past)
    rank = len(step.result.shape or ())
    # Of axes that are made of nothing each may be another one, of as many entries as it was copied to.
    told = label(meaning, step) if step.reach == "line" and meaning.layout[step.arguments["axis"]] else ()
    past = (*meaning.past, Past(meaning.layout, meaning.values, meaning.axes, str(step), step.reach, told))
    # Where the axes stay in place, what they were split from is remembered.
    layout = meaning.layout if rank == len(meaning.layout) else tuple((Atom(axis),) for axis in range(rank))
    return Meaning(layout, past=past)


def _copied(meaning: Meaning) -> int:
    """Along how many axes the values were copied so far."""
    return sum(label[0] == repeat.NAME for label, _ in meaning.axes)


def label(meaning: Meaning, step: Step) -> tuple[str, ...]:
    """The step with its axis named by what the axis is made of, without positions and the order of channels.

    In which order the numbers of channels stand the spec says: it is turned where the colours are. What fills is the
    same number in every dtype.
    """
    arguments: dict[str, Any] = {}
    for name, value in step.arguments.items():
        if name == "axis":
            arguments[name] = meaning.layout[value]
        elif name in _OF_CHANNELS:
            arguments[name] = sorted(value)
        elif name not in _OF_SIZES:
            arguments[name] = int(value) if isinstance(value, bool) else value
    return (step.transform, repr(arguments))


def _compose(before: Layout, step: Layout, shape: Shape) -> Layout | None:
    composed: list[tuple[Atom, ...]] = []
    for group in step:
        if not group or (len(group) == 1 and group[0].size is None):
            # An axis that is carried over whole, or a new one: nothing is joined.
            composed.append(before[group[0].axis] if group else ())
            continue
        atoms: list[Atom] = []
        for atom in group:
            parts = before[atom.axis]
            if atom.size is None:
                atoms.extend(parts)
            elif len(parts) == 1:
                atoms.append(Atom(parts[0].axis, atom.size, atom.inner * parts[0].inner))
            else:
                return None
        joined = _join(atoms, shape)
        if len(joined) > 1 and any(atom.size is not None for atom in joined):
            return None
        composed.append(joined)
    return tuple(composed)


def _join(atoms: list[Atom], shape: Shape) -> tuple[Atom, ...]:
    """Neighbouring parts of one axis become one part again, and all of them the whole axis."""
    joined: list[Atom] = []
    for atom in atoms:
        last = joined[-1] if joined else None
        if last and last.size and atom.size and last.axis == atom.axis and last.inner == atom.size * atom.inner:
            joined[-1] = Atom(atom.axis, last.size * atom.size, atom.inner)
        else:
            joined.append(atom)
    return tuple(Atom(atom.axis) if atom.size and atom.size == _size(shape, atom.axis) else atom for atom in joined)


def _size(shape: Shape, axis: int) -> int | None:
    return shape[axis] if axis < len(shape) else None


def meaning_of(steps: tuple[Step, ...], provided: TensorSpec) -> Meaning | None:
    """The meaning of a chain; None where it mixes values that belong apart."""
    meaning, spec = no_change(provided), provided
    for step in steps:
        reached = after(meaning, spec, step, provided.shape)
        if reached is None:
            return None
        meaning, spec = reached, step.result
    return meaning


def mean_the_same(one: Meaning, other: Meaning) -> bool:
    """Whether two chains do the same, wherever the axes stood that a step looks along, and whatever the values were of
    which a step takes the ends of rows only.

    >>> rows, columns = ((Atom(0),), (Atom(1),)), ((Atom(1),), (Atom(0),))
    >>> told = ("softmax", "over the second axis")
    >>> before, behind = (
    ...     Past(layout, (), (), f"softmax(axis={axis})", "line", told) for layout, axis in ((rows, 1), (columns, 0))
    ... )
    >>> mean_the_same(Meaning(columns, past=(before,)), Meaning(columns, past=(behind,)))
    True
    """
    return _regardless(one) == _regardless(other)


def _regardless(meaning: Meaning) -> Meaning:
    """The meaning without what decides nothing."""
    past = []
    for one in meaning.past:
        if one.told:
            past.append(one._replace(layout=(), step=""))
        else:
            past.append(one._replace(values=()) if one.reach == "rows" else one)
    return meaning._replace(past=tuple(past))
