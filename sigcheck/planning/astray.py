"""Astray: chains that nobody means, by what they have done to the axes of an example and of the batch."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from sigcheck.planning.meaning import Meaning
from sigcheck.planning.postponed import is_of_layout
from sigcheck.schema.axis_agreement import are_other_axes
from sigcheck.schema.cost import FREE
from sigcheck.schema.plan import Atom, Step
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME, pad


def displaces_batch(meaning: Meaning, provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether the examples of a batch became something else, or more of them: rows of a picture, or rows to fill up.

    A first axis of unknown size is the batch on both sides, unless both sides have a name for it,
    or a side has the batch elsewhere: then names say what has moved.
    """
    if not (provided.shape and required.shape) or provided.shape[0] is not None or required.shape[0] is not None:
        return False
    ours, theirs = provided.facts.axes or (None,), required.facts.axes or (None,)
    if (ours[0] is not None and theirs[0] is not None) or "batch" in (*ours[1:], *theirs[1:]):
        return False
    is_changed = any(Atom(0) in group for _, changes in meaning.axes for group, _ in changes)
    return is_changed or (bool(meaning.layout) and meaning.layout[0][:1] != (Atom(0),))


def parts_example(meaning: Meaning, provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether a lone example is taken apart into examples of a consumer that has as many axes: its batch is one.

    With an axis less it may be none: rows are then fed as examples. Of a consumer of so many examples sizes say what
    is meant, but not of rows: the entries of one would be as many rows.
    """
    ours, theirs = provided.shape or (), required.shape or ()
    if len(ours) != len(theirs) or ours[:1] != (1,) or theirs[:1] == (1,):
        return False
    if theirs[0] is not None and not any(_is_of_rows(spec) for spec in (provided, required)):
        return False
    names = [(spec.facts.axes or (None,))[0] for spec in (provided, required)]
    is_batch = all(name in {None, "batch"} for name in names)
    elsewhere = any("batch" in (spec.facts.axes or ())[1:] for spec in (provided, required))
    return is_batch and not elsewhere and bool(meaning.layout) and meaning.layout[0] != ()


def _is_of_rows(spec: TensorSpec) -> bool:
    """Whether the values are those of rows: of some that are filled up, or a mask of them."""
    return spec.facts.padding is not None or spec.facts.meaning == "mask"


def moves_rows(meaning: Meaning, provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether the entries of an axis of a lone example become the examples only once its axes are moved.

    The channels of one picture would be three gray ones. Rows that are fed as examples stand in front as they are.
    """
    ours, theirs = provided.shape or (), required.shape or ()
    if ours[:1] != (1,) or theirs[:1] != (None,) or len(ours) <= len(theirs) or not meaning.layout or meaning.past:
        return False
    places = [atom.axis for group in meaning.layout for atom in group]
    return meaning.layout[0] != () and Atom(0) not in meaning.layout[0] and places != sorted(places)


def displaces_name(meaning: Meaning, provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether an axis that the consumer names is made of one that is known to be another.

    Each step keeps what names it can; a split or a merge before the axes stand where the consumer has them has none
    to keep, so that the whole chain is looked at.
    """
    ours, theirs = provided.facts.axes, required.facts.axes
    if ours is None or theirs is None or meaning.past or len(meaning.layout) != len(theirs):
        return False
    pairs = [
        (ours[atom.axis], wanted)
        for group, wanted in zip(meaning.layout, theirs, strict=True)
        for atom in group
        if wanted is not None and atom.axis < len(ours)
    ]
    return any(
        name is not None and name != wanted and (are_other_axes(name, wanted) or name in theirs or wanted in ours)
        for name, wanted in pairs
    )


def can_never_be(meaning: Meaning, provided: Shape | None, shape: Shape | None) -> bool:
    """Whether a guard of the chain can only fail: the known sizes that an axis is joined of do not divide its size.

    An axis that is filled up to its size holds no more than that many entries.

    >>> joined = Meaning((((Atom(0), Atom(1))),))
    >>> [can_never_be(joined, (8, None), (size,)) for size in (2, 24, None)]
    [True, False, False]
    """
    if provided is None or shape is None or meaning.past or len(shape) != len(meaning.layout):
        return False
    changed = {group: to if name == pad.NAME else None for (name, _), changes in meaning.axes for group, to in changes}
    for group, size in zip(meaning.layout, shape, strict=True):
        parts = [provided[atom.axis] if atom.size is None else atom.size for atom in group]
        known, to = prod(part for part in parts if part is not None), changed.get(group, size)
        if to and None in parts and (to < known if group in changed else to % known > 0):
            return True
    return False


def leads_astray(meaning: Meaning, steps: Iterable[Step], provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether a chain of these steps is none that anyone means: it displaces the batch at a price, or a name.

    The price is that of the layout: a cast, which all chains take alike, says nothing of the axes.
    Without a price, as where an axis is put in front of a lone unknown one, the batch may be
    another axis: such plans stay, and are an ambiguity. Of a batch of one the entries of another axis may be the
    examples, but not where they are filled up: what is short is then no row, but was never one. Where axes are only
    joined the plan stays too: without it a guard that one of them has one entry would have no rival.
    """
    if displaces_name(meaning, provided, required) or parts_example(meaning, provided, required):
        return True
    cost = sum((step.cost for step in steps if is_of_layout(BY_NAME[step.transform])), FREE)
    if not any(cost.meaning):
        return False
    if displaces_batch(meaning, provided, required) or (cost.assumptions and moves_rows(meaning, provided, required)):
        return True
    is_filled = bool(cost.inventions and meaning.axes)
    if not (is_filled and provided.shape and required.shape) or provided.facts.axes or required.facts.axes:
        return False
    is_lone = provided.shape[0] == 1 and required.shape[0] in {None, 1} and len(provided.shape) > len(required.shape)
    return is_lone and bool(meaning.layout) and meaning.layout[0] != ()
