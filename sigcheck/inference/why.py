"""Why: what a model demands of one of its sizes, with the places in its graph that the size comes by."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from sigcheck.encodings.source import Source
from sigcheck.graph.view import Graph
from sigcheck.inference.sizes import given_sizes
from sigcheck.readers import graph_reader
from sigcheck.readers.graph_def.heads import TooLargeError
from sigcheck.schema.budget import GRAPH_STEPS, bounded
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.errors import SigcheckError, UsageError
from sigcheck.schema.near_name import near_names
from sigcheck.schema.signature import Model, Signature
from sigcheck.schema.size_text import names_in, names_of, parse_size
from sigcheck.schema.why import Demand, Reason, Step, Why
from sigcheck.sizes.expression import Expression, Variable
from sigcheck.sizes.named import name_sizes
from sigcheck.sizes.substitution import substitute
from sigcheck.sizes.trail import Place, Watch
from sigcheck.sizes.walk import walk

# The ways to each place that demands something, by the words for what it demands.
Ways = Mapping[str, tuple[tuple[Step, ...], ...]]
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError, struct.error)


def explain_size(source: Source | None, model: Model, signature: Signature, size: str) -> Why:
    """What the signature's constraints demand of a size, which is a name or an axis such as `image.1`.

    `source` is the file whose graph is looked at for the ways, None of what has none. Raises UsageError
    where there is no such size, or nothing is known of the sizes of the model.
    """
    name = _meant(model, signature, size)
    ways, equal = ({}, ()) if source is None else _looked_up(source, model.reader, signature, name)
    axes = tuple(f"{one.name}.{axis}" for one in signature.inputs for axis in _axes(one.sizes, name))
    alike = [Demand(holds=" == ".join(axes), tier="proved", because=equal)] if equal else []
    return Why(
        source=model.source,
        key=signature.key,
        size=name,
        axes=axes,
        demands=(*alike, *(_demand(one, ways) for one in signature.constraints if name in names_of(one.holds))),
        gives=tuple(
            (f"{one.name}.{axis}", str((one.sizes or ())[axis]))
            for one in signature.outputs
            for axis in _axes(one.sizes, name)
        ),
        unfollowed=signature.unfollowed,
    )


def _axes(sizes: Sequence[int | str | None] | None, name: str) -> Sequence[int]:
    """The axes whose sizes follow from a size."""
    named = enumerate(sizes or ())
    return [axis for axis, one in named if isinstance(one, str) and name in names_in(parse_size(one))]


def _meant(model: Model, signature: Signature, size: str) -> str:
    """The name of the size that is meant."""
    known = {
        name: None
        for one in signature.inputs
        for told in one.sizes or ()
        if isinstance(told, str)
        for name in sorted(names_in(parse_size(told)))
    }
    if size in known:
        return size
    source, _, axis = size.rpartition(".")
    for one in signature.inputs:
        if one.name != source or not axis.isdecimal():
            continue
        shape = one.sizes or one.spec.shape or ()
        if int(axis) >= len(shape):
            raise UsageError(
                size, f"{one.name} has {len(shape)} axes, expected one of 0 to {len(shape) - 1}. Name one."
            )
        told = shape[int(axis)]
        if isinstance(told, str):
            names = sorted(names_in(parse_size(told)))
            if told in known:
                return told
            raise UsageError(size, f"it is {told}, expected a size of its own. Ask for {' or '.join(names)}.")
        if told is not None:
            raise UsageError(size, f"it is {told} in the signature, expected an open size. Name another one.")
        if known:
            problem = "nothing is known of this axis, expected a size that has a name"
            raise UsageError(size, f"{problem}. Name another one.")
    if not known:
        problem = "nothing is known of its open sizes: it has none, or no graph of its file is followed"
        raise UsageError(f"{model.source}#{signature.key}", f"{problem}. Export a SavedModel, or declare its sizes.")
    near = near_names(size, list(known))
    cure = f"Did you mean {near[0]}?" if near else "Name one of them."
    raise UsageError(size, f"{model.source}#{signature.key} has no such size, it has {', '.join(known)}. {cure}")


def _demand(constraint: Constraint, ways: Ways) -> Demand:
    because = tuple(Reason(demands=one, ways=ways.get(one, ())) for one in constraint.because)
    return Demand(holds=constraint.holds, tier=constraint.tier, because=because)


def _looked_up(source: Source, reader: str, signature: Signature, name: str) -> tuple[Ways, tuple[Reason, ...]]:
    """Nothing where the graph cannot be looked at: the constraints stand without it."""
    opened = graph_reader(reader)
    if opened is None:
        return {}, ()
    try:
        with bounded(source.place, steps=GRAPH_STEPS), opened.open_graphs(source) as graphs:
            return ways_of(graphs.lower(signature), signature, name)
    except (MemoryError, TooLargeError, SigcheckError, *_BROKEN):
        return {}, ()


def ways_of(graph: Graph, signature: Signature, name: str) -> tuple[Ways, tuple[Reason, ...]]:
    """The ways of a size to each place that demands something of it, and what makes the sizes one that it stands for.

    Raises LimitError, and what a broken graph raises.
    """
    given = given_sizes(graph, signature)
    watch = Watch()
    named = name_sizes(signature.inputs, given, walk(graph, given, watch))
    names: dict[Variable, Expression] = {}
    for endpoint, sizes in given.items():
        for before, after in zip(sizes or (), named.inputs.get(endpoint, ()), strict=False):
            if isinstance(before, Expression) and isinstance(after, Expression):
                names |= dict.fromkeys(before.variables, after)
    ways: dict[str, tuple[tuple[Step, ...], ...]] = {}
    equal: dict[str, Reason] = {}
    for condition, _, _ in watch.demands:
        own = [one for one in condition.variables if one in names and str(names[one]) == name]
        if not own or not condition.is_known:
            continue
        trails = [trail for one in own for trail in watch.trails(condition, one)]
        told = condition.replaced(names)
        if told.left == told.right:
            steps = tuple(dict.fromkeys(tuple(_step(place, {}) for place in trail) for trail in trails))
            equal.setdefault(condition.reason, Reason(demands=condition.reason, ways=steps))
        else:
            steps = tuple(dict.fromkeys(tuple(_step(place, names) for place in trail) for trail in trails))
            ways.setdefault(told.reason, steps)
    return ways, tuple(equal.values())


def _step(place: Place, names: Mapping[Variable, Expression]) -> Step:
    sizes = tuple(str(substitute(one, names)) for one in place.sizes)
    return Step(operation=place.operation, place=place.name, sizes=sizes)
