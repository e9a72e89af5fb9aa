"""Fan ways: the junctions that the shapes of outputs and inputs allow, and those that they show to be the one."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.junctions import JUNCTIONS
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.junction import FAN_IN, FAN_OUT, Junction
from sigcheck.schema.shape import is_subshape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec


def find_ways(
    outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]
) -> tuple[tuple[Junction, ...], tuple[Junction, ...]]:
    """The junctions whose shapes fit: those that the sizes show, and those to choose from where they show none.

    A junction along an axis of which nobody says the required size is never shown: above all it
    could be the batch. Where one result is of the required shape and another only may be, the
    sizes show the one; of several such, names of axes do that would stand where the consumer has others.
    """
    parts, required = [one.spec for one in outputs], [one.spec for one in inputs]
    names = tuple(one.name for one in outputs)
    sure: list[Junction] = []
    other: list[Junction] = []
    for kind in FAN_IN if len(parts) > 1 else FAN_OUT:
        if kind not in JUNCTIONS:
            continue
        for axis in JUNCTIONS[kind].ways(parts, required):
            way = Junction(kind=kind, outputs=names, axis=axis)
            (sure if _is_shown(kind, parts, required, axis) else other).append(way)
    named = [way for way in sure if _is_named_so(way, parts, required)] if len(sure) > 1 else []
    return (tuple(named or sure), ()) if sure else ((), tuple(other))


def _is_named_so(way: Junction, parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> bool:
    """Whether no axis of a result stands where another one is required, by the names of both sides."""
    bare = [spec.replace(dtype="int32", facts=NO_FACTS.replace(axes=spec.facts.axes)) for spec in parts]
    try:
        steps = JUNCTIONS[way.kind].join(bare, required, way.axis)
    except JunctionError:
        return False
    ours = {name for spec in parts for name in spec.facts.axes or ()}
    return not any(
        None not in {name, wanted} and name != wanted and (name in (one.facts.axes or ()) or wanted in ours)
        for step, one in zip(steps, required, strict=False)
        for name, wanted in zip(step.result.facts.axes or (), one.facts.axes or (), strict=False)
    )


def _is_shown(kind: str, parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: int | None) -> bool:
    if axis is None:
        return True
    bare = [spec.replace(dtype="int32", facts=NO_FACTS) if spec.kind == "dense" else spec for spec in parts]
    try:
        steps = JUNCTIONS[kind].join(bare, required, axis)
    except JunctionError:
        return False
    if not all(is_subshape(step.result.shape, one.shape) for step, one in zip(steps, required, strict=True)):
        return False
    if kind == "unstack":
        return True
    return all(one.shape is not None and one.shape[axis] is not None for one in required)
