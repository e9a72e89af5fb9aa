"""Advice: what somebody could declare or allow so that a pair gets on.

Nothing is advised that was not tried: the pair is planned again as if the advice had been followed, and what does
not make its verdict better is not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from string import ascii_lowercase
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from sigcheck.planning.effort import OF_SEARCH, may_explain, spend
from sigcheck.planning.opening import granted, loosest, opening
from sigcheck.planning.search import Outcome, search
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import CATEGORICAL, FACT_NAMES, Facts
from sigcheck.schema.obstacle import Declaration, Opening
from sigcheck.schema.plan import VERDICTS, Plan, Verdict
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import Shape, TensorSpec
from sigcheck.transforms.parts.classes import SCORES
from sigcheck.transforms.parts.kernels import PARSED

Way = tuple[Declaration, ...]

# Steps looked at for each way, with everything allowed: a report waits for it.
_MOST_TRIED = 120
# Pairs that were planned once are asked for again by several rules.
_REMEMBERED = 512
_PICTURES = {
    2: ("height,width",),
    3: ("height,width,channel", "channel,height,width"),
    4: ("batch,height,width,channel", "batch,channel,height,width"),
}
_CHANNELS = frozenset({1, 3, 4})
_COLOURS = 3
# Height, width and channels.
_LEAST_PICTURE = 3


class Led(NamedTuple):
    """A way that leads on, and what the pair is then."""

    way: Way
    outcome: Outcome


def is_better(verdict: Verdict, than: Verdict) -> bool:
    """Whether a verdict is nearer to a pass than another, or passes where the other does not."""
    passing = VERDICTS.index("guarded")
    return max(VERDICTS.index(verdict), passing) < max(VERDICTS.index(than), passing)


def is_helped(outcome: Outcome, than: Verdict) -> bool:
    """Whether an outcome is better than a verdict, and passes, or would with one declaration.

    A limit that is met shows no candidate, and copies that nobody asked for are one that no declaration accepts.
    """
    if not is_better(outcome.verdict, than):
        return False
    if outcome.plan is not None:
        return not is_replacing(outcome.plan)
    return any(
        all("value" in step.arguments for step in plan.steps if step.is_inventing) and not is_replacing(plan)
        for plan in outcome.candidates
    )


def is_replacing(plan: Plan) -> bool:
    """Whether one entry is made of all of an axis, and then filled up to as many as are required: nobody means that."""
    from sigcheck.transforms import REDUCING

    is_filled = any("value" in step.arguments and step.assumption for step in plan.steps)
    return is_filled and any(step.transform in REDUCING for step in plan.steps)


def find_ways(provided: TensorSpec, required: TensorSpec, policy: Policy, verdict: Verdict) -> tuple[Led, ...]:
    """The facts that lead on where they are declared together, those that settle most first.

    Of two that settle as much, that which says more of the values.
    """
    found: list[Led] = []
    for way in dict.fromkeys(_ways(provided, required)) if may_explain() else ():
        sides = declared(way, provided, required)
        outcome = None if sides is None else planned(*sides, policy)
        if outcome is not None and is_helped(outcome, verdict):
            found.append(Led(way, outcome))
    return tuple(sorted(found, key=_settling))


def find_together(provided: TensorSpec, required: TensorSpec, policy: Policy, verdict: Verdict) -> tuple[Opening, ...]:
    """The facts that lead on where they are declared and the policy allows what it does not, with what that is."""
    found: list[tuple[tuple[int, ...], int, Opening]] = []
    for way in dict.fromkeys(_ways(provided, required)) if may_explain() else ():
        sides = declared(way, provided, required)
        if sides is None or (plan := _nearest(*sides, policy)) is None:
            continue
        lacking, allowed = opening(plan.steps, policy), granted(plan.steps, policy)
        is_alone = is_helped(planned(provided, required, allowed), verdict)
        if lacking and not is_alone and is_helped(planned(*sides, allowed), verdict):
            found.append((plan.cost.meaning, len(way), Opening(declare=way, allow=lacking)))
    return tuple(one for *_, one in sorted(found, key=lambda one: one[:2]))


def _nearest(provided: TensorSpec, required: TensorSpec, policy: Policy) -> Plan | None:
    """The cheapest plan with everything allowed, as far as some steps show it."""
    from sigcheck.planning.growth import grow

    growth = grow(provided, required, loosest(policy), _MOST_TRIED)
    spend(OF_SEARCH + sum(map(len, growth.edges.values())))
    return min(map(growth.plan_to, growth.goals), key=lambda plan: (plan.cost, str(plan)), default=None)


def _settling(led: Led) -> int:
    return max(VERDICTS.index(led.outcome.verdict), VERDICTS.index("guarded"))


def planned(provided: TensorSpec, required: TensorSpec, policy: Policy) -> Outcome:
    """What a pair is, without why."""
    # An answer for want of effort is that of this call, and not to be remembered for another; what was observed is
    # equal to what is declared, and planned otherwise.
    is_observed = "observed" in provided.facts.origins.values()
    return (_planned if may_explain() and not is_observed else search)(provided, required, policy)


@lru_cache(maxsize=_REMEMBERED)
def _planned(provided: TensorSpec, required: TensorSpec, policy: Policy) -> Outcome:
    return search(provided, required, policy)


def declared(way: Way, provided: TensorSpec, required: TensorSpec) -> tuple[TensorSpec, TensorSpec] | None:
    """Both specs with these facts; None where a value is none of the fact, or cannot be one of the spec."""
    sides = {"producer": provided, "consumer": required}
    try:
        for one in way:
            sides[one.side] = with_fact(sides[one.side], one.fact, one.read())
    except (ValidationError, ValueError):
        return None
    return sides["producer"], sides["consumer"]


def with_fact(spec: TensorSpec, fact: str, value: Any) -> TensorSpec:
    """The spec with a fact as it is written. Raises ValueError where it is none, or cannot be one of the spec."""
    if fact not in FACT_NAMES:
        raise ValueError(f"no fact {fact!r}")
    stated = getattr(Facts.model_validate({fact: value}), fact)
    return spec.replace(facts=spec.facts.replace(**{fact: stated}))


def _ways(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields what could make a difference, what says most of the values first.

    The order of channels, names of axes, the range of codes, a fill for short rows, meanings.
    """
    orders = tuple(_channel_orders(provided, required))
    yield from orders
    for axes in _pictures(provided, required):
        yield axes
        yield from ((*axes, *order) for order in orders)
    yield from _ranges(provided, required)
    yield from _paddings(provided, required)
    yield from _axes(provided, required)
    yield from _meanings(provided, required)


def _ranges(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields the range that the codes of the consumer stand for, with the producer's where bytes have none yet."""
    quantization = required.facts.quantization
    limits, given = DTYPES[required.dtype or "variant"], DTYPES[provided.dtype or "variant"]
    is_byte = provided.dtype == "uint8" and provided.facts.quantization is None
    if quantization is None or (provided.facts.range is None and not is_byte):
        return
    if len(quantization.scale) > 1 or limits.lowest is None or limits.highest is None:
        return
    scale, zero_point = quantization.scale[0], quantization.zero_point[0]
    low, high = (f"{scale * (end - zero_point):.6g}" for end in (limits.lowest, limits.highest))
    sides: tuple[tuple[Literal["producer", "consumer"], str, TensorSpec], ...] = (
        ("producer", f"{given.lowest},{given.highest}", provided),
        ("consumer", f"{low},{high}", required),
    )
    yield tuple(
        Declaration(side=side, fact="range", value=value) for side, value, spec in sides if spec.facts.range is None
    )


def _paddings(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    ours, theirs = provided.shape, required.shape
    is_filled = provided.kind != "dense" or (
        ours is not None and theirs is not None and len(ours) == len(theirs) and ours != theirs
    )
    if required.facts.padding is None and required.kind == "dense" and is_filled:
        value = '{"value":""}' if required.dtype == "string" else '{"value":0}'
        yield (Declaration(side="consumer", fact="padding", value=value),)


def _axes(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields names for the axes of both sides that say which is which: moved ones, and some that one side has alone."""
    shape, wanted = provided.shape, required.shape
    if not shape or not wanted or max(len(shape), len(wanted)) > len(ascii_lowercase):
        return
    if provided.facts.axes is not None and required.facts.axes is not None:
        return
    letters = ascii_lowercase[: len(shape)]
    if len(shape) == len(wanted):
        if sorted(map(str, shape)) == sorted(map(str, wanted)) and shape != wanted:
            yield _named(letters, [letters[axis] for axis in _order(shape, wanted)], provided, required)
        return
    few, many = sorted((shape, wanted), key=len)
    places = next(_alignments(few, many), None)
    if places is not None:
        names = ascii_lowercase[: len(many)]
        own = [names[place] for place in places]
        ours, theirs = (own, names) if len(shape) < len(wanted) else (names, own)
        yield _named(ours, theirs, provided, required)


def _named(ours: Sequence[str], theirs: Sequence[str], provided: TensorSpec, required: TensorSpec) -> Way:
    """The declaration of both sides' axes, each where the side does not name its own."""
    sides: tuple[tuple[Literal["producer", "consumer"], Sequence[str], TensorSpec], ...] = (
        ("producer", ours, provided),
        ("consumer", theirs, required),
    )
    return tuple(
        Declaration(side=side, fact="axes", value=",".join(names))
        for side, names, spec in sides
        if spec.facts.axes is None
    )


def _alignments(few: Shape, many: Shape) -> Iterator[tuple[int, ...]]:
    """Yields which axes of the longer shape those of the shorter one are, in order: from behind, from the front."""
    for is_behind in (True, False):
        left = list(range(len(many)))[:: -1 if is_behind else 1]
        places = []
        for size in few[:: -1 if is_behind else 1]:
            at = next((at for at in left if size is None or many[at] in {None, size}), None)
            if at is None:
                break
            places.append(at)
            left = left[left.index(at) + 1 :]
        if len(places) == len(few):
            yield tuple(places[:: -1 if is_behind else 1])


def _pictures(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields the names of the axes of pictures, where a size that channels have says that there may be some."""
    ours, theirs = provided.shape or (), required.shape or ()
    if (
        {provided.kind, required.kind} != {"dense"}
        or max(len(ours), len(theirs)) < _LEAST_PICTURE
        or not _CHANNELS.intersection((*ours, *theirs))
    ):
        return
    if provided.facts.axes is not None and required.facts.axes is not None:
        return
    for own in _picture_names(ours):
        for other in _picture_names(theirs):
            yield _named(own.split(","), other.split(","), provided, required)


def _picture_names(shape: Shape) -> tuple[str, ...]:
    """Those in which the channels have a size that channels have; where none is known so, those that leave it open."""
    named = {names: dict(zip(names.split(","), shape, strict=True)) for names in _PICTURES.get(len(shape), ())}
    # Without a batch height and width are both known, or both not: one open axis in front is a batch.
    named = {
        names: sizes
        for names, sizes in named.items()
        if "batch" in sizes or (sizes["height"] is None) == (sizes["width"] is None)
    }
    known = tuple(names for names, sizes in named.items() if sizes.get("channel", 1) in _CHANNELS)
    return known or tuple(names for names, sizes in named.items() if sizes.get("channel", 1) is None)


def _channel_orders(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    if provided.facts.channel_order is None and required.facts.channel_order is None:
        ours, theirs = provided.shape or (), required.shape or ()
        if 1 in ours and _COLOURS in theirs and min(len(ours), len(theirs)) >= _LEAST_PICTURE:
            yield (
                Declaration(side="producer", fact="channel_order", value="GRAY"),
                Declaration(side="consumer", fact="channel_order", value="RGB"),
            )


def _meanings(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    ours, theirs = provided.facts.meaning, required.facts.meaning
    if ours is None and theirs in CATEGORICAL:
        # What names or counts is whole, though its type need not be: then a guard is all that a cast needs.
        yield (Declaration(side="producer", fact="meaning", value=theirs),)
    if ours in SCORES and theirs is None:
        for meaning in (ours, "class_ids"):
            yield (Declaration(side="consumer", fact="meaning", value=meaning),)
    is_written = "string" in {provided.dtype, required.dtype} and provided.dtype != required.dtype
    number = required.dtype if provided.dtype == "string" else provided.dtype
    if ours is None and theirs is None and is_written and number in PARSED and provided.kind == required.kind:
        meaning = "logits" if DTYPES[number or "variant"].kind == "float" else "class_ids"
        sides: tuple[Literal["producer"], Literal["consumer"]] = ("producer", "consumer")
        yield tuple(Declaration(side=side, fact="meaning", value=meaning) for side in sides)


def _order(shape: Shape, wanted: Shape) -> list[int]:
    """An order that makes the one shape the other, of which it is a permutation."""
    left = list(range(len(shape)))
    order = []
    for size in wanted:
        axis = next(axis for axis in left if shape[axis] == size)
        left.remove(axis)
        order.append(axis)
    return order
