"""Told states: which outputs of the models of a pipeline are inputs of their own next calls, as somebody says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sigcheck.planning.loop import missing_initial, require_initial, require_kept
from sigcheck.planning.names import nearest
from sigcheck.schema.bind import Bind, add_pair, bound_pairs
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import CONSTANT, Junction
from sigcheck.schema.junction_text import parse_junction
from sigcheck.schema.printable import shortened
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.state import State

# What a pipeline calls a model, and what it takes and gives.
Named = tuple[str, Signature]


class ToldStates(NamedTuple):
    """The states of each model, in their order, and what `bind` says besides."""

    states: tuple[tuple[State, ...], ...]
    bind: Bind


def told_states(models: Sequence[Named], state: Mapping[str, str], bind: Bind) -> ToldStates:
    """The states of the models: `state` has inputs by the outputs that they were, constants of `bind` what begins.

    A pair holds for every model that has both names; `MODEL.NAME` is one of a single model. Raises UsageError for a
    pair that no model has, for a state that the next call does not take as it is given, for one without a beginning,
    and for one that a link feeds, too.
    """
    if not state:
        return ToldStates(tuple(() for _ in models), bind)
    found = [dict[str, str]() for _ in models]
    for output, name in _pairs(state):
        for at, own_output, own_name in _meant(models, output, name):
            _add(found[at], own_output, own_name)
    initial, rest = _beginnings(models, found, bind)
    for at, (_, signature) in enumerate(models):
        outputs, inputs = _by_name(signature)
        for name, output in found[at].items():
            require_kept(outputs[output], inputs[name])
            if name not in initial[at]:
                raise missing_initial(inputs[name])
            require_initial(initial[at][name], outputs[output], inputs[name])
    states = (
        tuple(State(model=stem, output=out, input=name, initial=initial[at][name].told) for name, out in own.items())
        for at, ((stem, _), own) in enumerate(zip(models, found, strict=True))
    )
    return ToldStates(tuple(states), rest)


def _pairs(state: object) -> Iterator[tuple[str, str]]:
    """Yields each pair. Raises UsageError for what is no mapping of names to names, as Python may give it."""
    like = 'Write it like {"state_out": "state_in"}'
    if not isinstance(state, Mapping):
        raise UsageError(
            "state", f"found a {type(state).__name__}, expected inputs by the outputs that they were. {like}."
        )
    for output, names in state.items():
        several = [names] if isinstance(names, str) else names
        is_told = isinstance(several, list | tuple) and several and all(isinstance(one, str) for one in several)
        if not isinstance(output, str) or not is_told:
            problem = f"found {shortened(f'{output!r}: {names!r}')}, expected the input of the next call. {like}."
            raise UsageError("state", problem)
        for name in several:
            yield output, name


def _meant(models: Sequence[Named], output: str, name: str) -> list[tuple[int, str, str]]:
    """Each model that has both names, and what it calls them."""
    sides = [_by_name(signature) for _, signature in models]
    found = []
    for at, (stem, _) in enumerate(models):
        own = _own(stem, output, sides[at][0]), _own(stem, name, sides[at][1])
        if own[0] is not None and own[1] is not None:
            found.append((at, own[0], own[1]))
    if found:
        return found
    place = f"state {shortened(f'{output}={name}')}"
    for wanted, side, what in ((output, 0, "gives"), (name, 1, "takes")):
        if all(_own(stem, wanted, sides[at][side]) is None for at, (stem, _) in enumerate(models)):
            known = sorted({one for each in sides for one in each[side]})
            raise UsageError(place, f"no model {what} {shortened(wanted)!r}; {nearest(wanted, known)}")
    problem = "no model gives the one and takes the other, expected a state of one model"
    raise UsageError(place, f"{problem}. Bind what one model gives to another with --bind.")


def _by_name(signature: Signature) -> tuple[dict[str, Endpoint], dict[str, Endpoint]]:
    outputs, inputs = ({one.name: one for one in side} for side in (signature.outputs, signature.inputs))
    return outputs, inputs


def _own(stem: str, name: str, known: Mapping[str, object]) -> str | None:
    plain = name.removeprefix(f"{stem}.")
    return name if name in known else plain if plain in known and plain != name else None


def _add(found: dict[str, str], output: str, name: str) -> None:
    if name in found and found[name] != output:
        problem = f"is {shortened(found[name])} and {shortened(output)} of the call before, expected one of them"
        raise UsageError(f"state {shortened(name)}", f"{problem}. Leave one out.")
    if output in found.values() and found.get(name) != output:
        raise UsageError(f"state {shortened(output)}", "feeds two inputs, expected one. Name each state alone.")
    found[name] = output


def _beginnings(
    models: Sequence[Named], found: Sequence[Mapping[str, str]], bind: Bind
) -> tuple[list[dict[str, Junction]], Bind]:
    """What each state begins with, and the rest of what is bound."""
    initial = [dict[str, Junction]() for _ in models]
    rest: dict[str, str | list[str]] = {}
    for output, name in bound_pairs(bind):
        places = list(_places(models, name))
        kept = [(at, own) for at, own in places if own in found[at]]
        junction = _constant(models, output)
        if kept and junction is None and all(one in kept for one in places if one[0]):
            problem = f"{name} is a state of {models[kept[0][0]][0]}, which its own last call feeds"
            raise UsageError(
                f"bind {shortened(f'{output}={name}')}", f"{problem}; expected one of both. Leave one out."
            )
        for at, own in kept:
            if junction is not None:
                initial[at][own] = junction
        # No link feeds the first model.
        is_fed = any(at and (at, own) not in kept for at, own in places)
        if junction is None or is_fed or not kept:
            add_pair(rest, output, name)
    return initial, rest


def _places(models: Sequence[Named], name: str) -> Iterator[tuple[int, str]]:
    """Yields each model with an input of that name, and what it calls it."""
    for at, (stem, signature) in enumerate(models):
        own = _own(stem, name, {one.name: one for one in signature.inputs})
        if own is not None:
            yield at, own


def _constant(models: Sequence[Named], output: str) -> Junction | None:
    if any(one.name == output for _, signature in models for one in signature.outputs):
        return None
    junction = parse_junction(output)
    return junction if junction is not None and junction.kind == CONSTANT else None
