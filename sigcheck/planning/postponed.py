"""Postponed: conversions of values wait until the layout is right, so that no mixture of the two is searched.

A conversion of single values and a move of whole axes touch none of each other's coordinates, so that every order
of them means the same: of n of the one and m of the other n + m specs are looked at instead of n * m. Where a step
of the layout waits for the values, as a filling does, nothing is postponed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sigcheck.planning.goal import exceeds, is_wanted
from sigcheck.planning.proposals import Proposals, asked_of
from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.facts import NO_FACTS, Axes, ChannelOrder
from sigcheck.schema.meaning import Meaning
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.coordinates import OF_VALUES, Coordinates, differences, forms_of
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Transform

# What a step of the layout changes; all else is of single values.
OF_LAYOUT: Coordinates = frozenset({"kind", "sizes", "axes", "colours"})
# What conversions change that steps of the layout may look at. How many ids there are says what may fill a row, and
# such rows are not separable: what looks at nothing else waits for nothing.
_CONVERTED: Coordinates = frozenset({"dtype", "encoding"})
# Of numbers of which nothing is known each step of the layout is proposed that any conversion could open.
_SETTLED = "float32"
_DERIVED = frozenset({"lengths", "mask"})


def is_separable(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether layout and values of a pair are two questions: dense numbers of one meaning, no rows filled up.

    What fills rows is a value, and what counts them, or takes the greatest of some, is neither.
    """
    ours, theirs = provided.facts, required.facts
    if {provided.kind, required.kind} != {"dense"} or provided.shape is None or required.shape is None:
        return False
    if ours.padding is not None or theirs.padding is not None:
        return False
    if ours.boxes is not None and theirs.boxes is not None:
        # Coordinates that trade places are a layout of their own, in which each has a value of its own.
        return False
    if ours.meaning != theirs.meaning and ((ours.meaning and theirs.meaning) or theirs.meaning in _DERIVED):
        return False
    return all(one.dtype in MOVED and one.dtype != "string" for one in (provided, required))


def is_of_layout(transform: Transform) -> bool:
    """Whether a kind of step changes the layout, whatever it does to values besides."""
    return not OF_LAYOUT.isdisjoint(transform.WRITES)


@lru_cache(maxsize=64)
def keeping_kind(transforms: tuple[Transform, ...]) -> tuple[Transform, ...]:
    """Those of the transforms that lead somewhere in a separable pair: both sides are dense, and no row is filled."""
    return tuple(one for one in transforms if "kind" not in one.WRITES)


class Parted(NamedTuple):
    """Transforms by what they do: those of single values, and those of the layout, with two parts of the latter.

    `reading` are those that look at what conversions change, `reading_numbers` those that look at numbers along an
    axis too. What keeps all axes keeps these numbers, whatever they are.
    """

    values: tuple[Transform, ...]
    layout: tuple[Transform, ...]
    reading: tuple[Transform, ...]
    reading_numbers: tuple[Transform, ...]


@lru_cache(maxsize=64)
def parted(transforms: tuple[Transform, ...]) -> Parted:
    """The transforms, told apart once for each policy that differs in them."""
    layout = tuple(filter(is_of_layout, transforms))
    reading = tuple(one for one in layout if not _CONVERTED.isdisjoint(one.READS))
    return Parted(
        tuple(one for one in transforms if not is_of_layout(one)),
        layout,
        reading,
        tuple(
            one
            for one in layout
            if one in reading or ("numbers" in one.READS and not getattr(one, "KEEPS_AXES", False))
        ),
    )


class Postponed:
    """Which steps of a separable pair wait, spec by spec."""

    def __init__(self, proposals: Proposals, transforms: tuple[Transform, ...], policy: Policy) -> None:
        self._proposals, self._policy = proposals, policy
        self._parts = parted(transforms)
        self._forms = forms_of(proposals.required)
        self._settled = _settled(proposals.required)

    def transforms_for(self, spec: TensorSpec) -> tuple[Transform, ...] | None:
        """The transforms of the layout, where it has to change and no step of it waits for the values; else None."""
        differing = self._proposals.differing(spec)
        if differing.isdisjoint(OF_LAYOUT) or differing.isdisjoint(OF_VALUES):
            return None
        settled = _settled(spec)
        parts = self._parts
        reading = parts.reading_numbers if axes_of_numbers(spec) else parts.reading
        asked = asked_of(reading, differing | _differing(settled, self._settled), forms_of(spec), self._forms)
        return parts.layout if all(self._is_as_settled(spec, settled, one) for one in asked) else None

    def _is_as_settled(self, spec: TensorSpec, settled: TensorSpec, transform: Transform) -> bool:
        """Whether a transform proposes the same, within the policy, as if no value had to be converted."""
        policy = self._policy
        now = [one for one in self._proposals.of(spec, (transform,), policy) if not exceeds(one.cost, policy)]
        # What looks at all values gives others before and after a conversion.
        if not all(step.is_local for step in now):
            return False
        proposed = _proposed((transform,), settled, self._settled)
        then = [one for one in proposed if is_wanted(one, policy) and not exceeds(one.cost, policy)]
        return len(now) == len(then) and all(map(_are_alike, now, then))


def _are_alike(now: Step, then: Step) -> bool:
    """Whether two steps of one kind do the same, whatever number fills what is new."""
    if now.arguments == then.arguments:
        return True
    sides = ({name: value for name, value in step.arguments.items() if name != "value"} for step in (now, then))
    return repr(next(sides)) == repr(next(sides))


def _settled(spec: TensorSpec) -> TensorSpec:
    """The layout of a dense spec, with values of which nothing has to be converted."""
    facts = spec.facts
    return _of_layout(spec.shape, facts.axes, facts.channel_order, facts.meaning)


# There are far fewer layouts than specs, whatever pairs are asked about.
@lru_cache(maxsize=MOST_REMEMBERED)
def _of_layout(
    shape: Shape | None, axes: Axes | None, colours: ChannelOrder | None, meaning: Meaning | None
) -> TensorSpec:
    bare = NO_FACTS.replace(axes=axes, channel_order=colours, meaning=meaning)
    return TensorSpec(dtype=_SETTLED, shape=shape, facts=bare)


@lru_cache(maxsize=MOST_REMEMBERED)
def _differing(spec: TensorSpec, required: TensorSpec) -> Coordinates:
    """The coordinates of the layout that differ."""
    return differences(spec, required)


@lru_cache(maxsize=MOST_REMEMBERED)
def _proposed(transforms: tuple[Transform, ...], spec: TensorSpec, required: TensorSpec) -> tuple[Step, ...]:
    """What transforms propose if all values were converted."""
    asked = asked_of(transforms, _differing(spec, required), forms_of(spec), forms_of(required))
    return tuple(step for one in asked for step in one.propose(spec, required))


def in_required_layout(provided: TensorSpec, required: TensorSpec) -> TensorSpec | None:
    """The provided values in the layout that is required; None where it is not known which axis has which numbers."""
    ours, theirs, shape = provided.facts, required.facts, required.shape or ()
    stored, numbers = ours.quantization, ours.normalization
    if numbers is not None and len(numbers.mean) > 1 and ours.channel_order != theirs.channel_order:
        return None
    if stored is not None and stored.axis is not None:
        name = None if ours.axes is None else ours.axes[stored.axis]
        named = [] if theirs.axes is None or name is None else [at for at, one in enumerate(theirs.axes) if one == name]
        places = named or [axis for axis, size in enumerate(shape) if size == len(stored.scale)]
        if len(places) != 1 or shape[places[0]] not in {None, len(stored.scale)}:
            return None
        stored = stored.model_copy(update={"axis": places[0]})
        shape = (*shape[: places[0]], len(stored.scale), *shape[places[0] + 1 :])
    moved = ours.replace(axes=theirs.axes, channel_order=theirs.channel_order, quantization=stored)
    return provided.replace(shape=shape, facts=moved)


def least_loss(costs: Sequence[Cost]) -> Cost:
    """What the cheapest of some plans loses, which no other one of them does less of."""
    if not costs:
        return FREE
    least = min(costs)
    return Cost(irreversible=least.irreversible, truncating=least.truncating, rounding=least.rounding)
