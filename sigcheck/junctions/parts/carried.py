"""Carried: which facts of the parts hold for what is made of them.

Only what all parts say, and what the junction does not break: a fact that is dropped here is
compared before, part by part, so that no known disagreement is lost.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.casting import is_naming
from sigcheck.transforms.parts.channels import channel_axes

# What sums to one along the class axis, which is the last.
_DISTRIBUTED = frozenset({"probabilities", "log_probabilities"})
_COLOURS = {"RGB": 3, "BGR": 3, "GRAY": 1, "RGBA": 4}


def agreed(parts: Sequence[TensorSpec]) -> Facts:
    """The facts that all parts have, without their axes; bounds of whole numbers and of ids are joined."""
    first, *rest = (spec.facts for spec in parts)
    kept = {
        name: value
        for name, value in first.known().items()
        if name != "axes" and all(getattr(facts, name) == value for facts in rest)
    }
    ranges = [spec.facts.range for spec in parts]
    if "range" not in kept and all(map(_is_bounded, parts)):
        known = [one for one in ranges if one is not None]
        if len(known) == len(ranges):
            kept["range"] = (min(low for low, _ in known), max(high for _, high in known))
    counts = [facts.id_count for facts in (first, *rest)]
    if "id_count" not in kept and None not in counts:
        kept["id_count"] = max(count or 1 for count in counts)
    if any("observed" in facts.origins.values() for facts in (first, *rest)):
        kept["origins"] = {"range": "observed"} if "range" in kept else {}
    return NO_FACTS.replace(**kept) if kept else NO_FACTS


def without_origins(facts: Facts) -> Facts:
    """The facts of a part as those of what is made of it: what only data showed is no better known there."""
    return facts.replace(origins={name: one for name, one in facts.origins.items() if one == "observed"})


def agreed_axes(parts: Sequence[TensorSpec]) -> tuple[str | None, ...] | None:
    """The names of the axes, as far as a part says them. Raises JunctionError where two parts disagree."""
    known = [spec.facts.axes for spec in parts if spec.facts.axes is not None]
    if not known:
        return None
    names: list[str | None] = []
    for axis, said in enumerate(zip(*known, strict=True)):
        different = {name for name in said if name is not None}
        if len(different) > 1:
            raise JunctionError(f"axis {axis} is declared as {' and '.join(sorted(different))}")
        names.append(next(iter(different), None))
    named = [name for name in names if name is not None]
    if len(named) != len(set(named)):
        raise JunctionError(f"the axes are declared in other orders: {', '.join(map(str, known))}")
    return tuple(names)


def along(facts: Facts, spec: TensorSpec, axis: int) -> Facts:
    """The facts without those that do not survive a change along one axis of this spec."""
    dropped: dict[str, None] = {"padding": None}
    if facts.meaning in _DISTRIBUTED and axis == len(spec.shape or ()) - 1:
        dropped["meaning"] = None
    if facts.boxes is not None and axis == len(spec.shape or ()) - 1:
        dropped["boxes"] = None
    if facts.channel_order is not None and _may_hold(spec, _COLOURS[facts.channel_order], axis):
        dropped["channel_order"] = None
    if facts.normalization is not None:
        count = len(facts.normalization.mean)
        if count > 1 and _may_hold(spec, count, axis):
            # A range beside it is one of raw values.
            dropped |= (
                {"normalization": None} if facts.normalization.raw_range else {"normalization": None, "range": None}
            )
    if facts.quantization is not None and facts.quantization.axis is not None:
        rank = len(spec.shape or ())
        if facts.quantization.axis % max(rank, 1) == axis:
            # And beside these it is one of real values.
            dropped |= {"quantization": None, "range": None}
    return facts.replace(**dropped) if any(getattr(facts, name) is not None for name in dropped) else facts


def check_ends(parts: Sequence[TensorSpec], required: TensorSpec) -> None:
    """Raises JunctionError where ids are put behind rows of ids that are filled up.

    Asked where the consumer says at which end its rows are filled: it would take what fills them for ids.
    """
    told = required.facts.padding
    if told is None or not any(map(is_naming, (*parts, required))):
        return
    inner = parts[:-1] if told.side == "post" else parts[1:]
    if any(spec.facts.padding is not None for spec in inner):
        raise JunctionError("what fills rows would stand between ids", cure="join rows before they are filled up")


def moved(facts: Facts, rank: int, by: int, start: int) -> Facts:
    """The facts with the quantized axis of a tensor of this rank moved, where it stands at `start` or behind."""
    stored = facts.quantization
    if stored is None or stored.axis is None:
        return facts
    axis = stored.axis % max(rank, 1)
    return facts.replace(
        quantization=stored.model_copy(update={"axis": axis + by if axis >= start else axis}),
    )


def is_lost(parts: Sequence[TensorSpec], result: Facts) -> bool:
    """Whether a part knows something of its values that the result does not say."""
    return any(
        value is not None and name not in {"axes", "quantization"} and getattr(result, name) != value
        for spec in parts
        for name, value in spec.facts.known().items()
    ) or any((spec.facts.quantization is None) != (result.quantization is None) for spec in parts)


def _is_bounded(spec: TensorSpec) -> bool:
    """Whether a range only bounds the values, instead of being the ends of an encoding."""
    if spec.facts.meaning is not None:
        return spec.facts.meaning in CATEGORICAL
    return False if spec.dtype is None else DTYPES[spec.dtype].kind == "bool"


def _may_hold(spec: TensorSpec, count: int, axis: int) -> bool:
    """Whether the axis may be the one that holds the channels."""
    places = channel_axes(spec, count)
    return axis in places or not places
