"""Made axes: what fills up an axis that the producer has not is made up, whatever it declares to fill rows with.

A padding says what stands where a row is short. Of an axis that was only put in all entries but one would be
filling: examples, or channels, that nobody gave. Of axes that are joined, where no name says that they are one, the
sizes would have to say it, and what has to be filled up says the contrary. What is known to be the numbers of one
entry is no row either: by its name, where there are axes that may be one, or by what the numbers mean. Nor are the
entries of a first axis, which may be examples where neither side has a name for it.

Rows of one entry are made up where the axis along which the producer's rows lie has become the one in front of them: of
a lone example each entry would be an example.

Examples that are joined with what they hold are made up, too, wherever their axis stands by then: a step sees the batch
in front only, or by its name. And so are entries of an open axis that was joined elsewhere and is moved there: a step
sees what is open for it in its own place.
"""

from __future__ import annotations

from sigcheck.planning.meaning import Meaning
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Atom, Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import dense_to_ragged, lengths, mask, mask_to_lengths, pad, repad, reshape, transpose
from sigcheck.transforms.parts.layout import batch_axis
from sigcheck.transforms.parts.sizes import is_within_entry

_NEW = "which the producer has not"
_JOINED = "which is several axes of the producer in a row, and no name says that they are one"
_HELD = "which holds the numbers of one entry"
FIRST = "whose entries may be examples"
_APART = "each entry of the producer's rows is a row"
_EXAMPLES = "the first axis of the producer may be the batch, and is merged with others"

# What takes the rows of a dense tensor, along the second axis where they do not say along which.
_OF_ROWS = frozenset({dense_to_ragged.NAME, lengths.NAME, mask.NAME, mask_to_lengths.NAME, repad.NAME})


def told_as_made_up(step: Step, meaning: Meaning, spec: TensorSpec, provided: TensorSpec, required: TensorSpec) -> Step:
    """The step, with what it makes up where it fills more axes of one entry than the producer has, or no rows.

    `meaning` is what happened before the step, and `provided` what it began with.
    """
    if step.transform == reshape.NAME:
        return _told_as_joined(step, meaning, spec, provided, required)
    if step.transform == transpose.NAME:
        return _told_as_moved(step, meaning, spec, required)
    if step.transform in _OF_ROWS:
        return _told_as_apart(step, meaning, spec, provided)
    if step.transform != pad.NAME or step.is_inventing or len(spec.shape or ()) != len(meaning.layout):
        return step
    axes = list(enumerate(zip(meaning.layout, spec.shape or (), step.result.shape or (), strict=True)))
    filled = [axis for axis, (group, size, to) in axes if group == () and size == 1 and to != 1]
    before = sum(group == () for _, changes in meaning.axes for group, _ in changes)
    made = before + len(filled) - (provided.shape or ()).count(1)
    if not filled or made <= 0:
        filled, made = [], 0
    names = spec.facts.axes or (None,) * len(axes)
    joined = [axis for axis, (group, size, to) in axes if len(group) > 1 and size != to and names[axis] is None]
    told = {*filled, *joined}
    held = [
        at
        for at, (group, size, to) in axes
        if size != to and at not in told and (is_within_entry(spec, required, at) or _was_within(group, provided))
    ]
    first = [0] if 0 not in {*told, *held} and _may_be_examples(step, meaning, spec, required) else []
    made += len(joined) + len(held) + len(first)
    if not made:
        return step
    reasons = ((filled, _NEW), (joined, _JOINED), (held, _HELD), (first, FIRST))
    where = [f"axis {' and '.join(map(str, one))}, {which}" for one, which in reasons if one]
    said = f"{step.arguments['value']!r} fills {', and '.join(where)}"
    return step.model_copy(update={"assumption": said, "cost": step.cost + Cost(inventions=made, assumptions=made)})


def _told_as_joined(step: Step, meaning: Meaning, spec: TensorSpec, provided: TensorSpec, required: TensorSpec) -> Step:
    """The step, with what it makes up where it joins the producer's examples unseen, moved behind others."""
    batch, seen = batch_axis(provided), batch_axis(spec)
    if step.is_inventing or meaning.past or batch is None:
        return step
    joined = [
        at
        for at, group in enumerate(step.layout or ())
        if seen not in (axes := [atom.axis for atom in group])
        and Atom(batch) in (atoms := [atom for axis in axes for atom in meaning.layout[axis]])
        and len(atoms) > 1
    ]
    if not joined:
        return step
    # Where names of both sides say that they become another axis, it is assumed, and no more.
    made = [at for at in joined if not reshape.is_named_as_one(spec, (step.layout or ())[at], required, at)]
    said = "; ".join(filter(None, (step.assumption, _EXAMPLES)))
    cost = step.cost + Cost(inventions=reshape.OF_EXAMPLES * len(made), assumptions=1)
    return step.model_copy(update={"assumption": said, "cost": cost})


def _told_as_moved(step: Step, meaning: Meaning, spec: TensorSpec, required: TensorSpec) -> Step:
    """The step, with what it makes up where it brings to an open axis what was joined where a size was wanted."""
    shape, wanted, names = spec.shape or (), required.shape or (), spec.facts.axes
    if step.is_inventing or len(shape) != len(meaning.layout) or len(shape) != len(wanted):
        return step
    moved = [
        to
        for to, (atom, *_) in enumerate(step.layout or ())
        if wanted[to] is None
        and wanted[atom.axis] is not None
        and shape[atom.axis] is None
        and len(meaning.layout[atom.axis]) > 1
        and (names is None or names[atom.axis] is None)
    ]
    if not moved:
        return step
    said = "; ".join(filter(None, (step.assumption, f"axis {' and '.join(map(str, moved))}, {_JOINED}")))
    cost = step.cost + Cost(inventions=len(moved), assumptions=len(moved))
    return step.model_copy(update={"assumption": said, "cost": cost})


def _told_as_apart(step: Step, meaning: Meaning, spec: TensorSpec, provided: TensorSpec) -> Step:
    """The step, with what it makes up where it takes the entries of the producer's rows for rows of one entry each."""
    rank, names = len(spec.shape or ()), provided.facts.axes or (None,)
    batch = batch_axis(provided)
    if batch is None and names[0] is None:
        batch = 0
    if step.is_inventing or meaning.past or batch is None or rank <= 1 or rank != len(meaning.layout):
        return step
    along = step.arguments.get("axis", 1)
    front = meaning.layout[0 if along == 1 else 1]
    if meaning.layout[along] or not front or batch in {atom.axis for atom in front}:
        return step
    said = "; ".join(filter(None, (step.assumption, _APART)))
    return step.model_copy(update={"assumption": said, "cost": step.cost + Cost(inventions=1, assumptions=1)})


def _may_be_examples(step: Step, meaning: Meaning, spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether a first axis is filled up that has no name, in front of others: still that of the producer, or one in
    place of it, whose entries were taken apart.
    """
    before, after = (spec.shape or ()), (step.result.shape or ())
    if len(before) <= 1 or before[0] == after[0]:
        return False
    if meaning.layout[0] not in {(), (Atom(0),)} and () not in meaning.layout[1:]:
        return False
    return all(facts.axes is None or facts.axes[0] is None for facts in (spec.facts, required.facts))


def _was_within(group: tuple[Atom, ...], provided: TensorSpec) -> bool:
    """Whether the axis held the numbers of one entry, whatever was forgotten of it on the way."""
    if len(group) != 1 or group[0].size is not None:
        return False
    # Axes of what was read out of texts are none of the texts.
    at = group[0].axis
    return (provided.rank is None or at < provided.rank) and is_within_entry(provided, provided, at)
