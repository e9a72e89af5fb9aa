"""Loop: the states of a model, outputs that its next call takes as inputs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sigcheck.planning.constants import placed
from sigcheck.planning.names import is_counter
from sigcheck.planning.told import read_told
from sigcheck.schema.bind import Bind, add_pair, bound_pairs
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.junction import CONSTANT, Junction
from sigcheck.schema.junction_text import parse_junction
from sigcheck.schema.printable import shortened
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec


def states_of(
    outputs: Sequence[Endpoint], inputs: Sequence[Endpoint], bind: Bind
) -> tuple[tuple[Endpoint, ...], tuple[Endpoint, ...], dict[str, str]]:
    """The outputs and the inputs of a model that are its states, and which feeds which.

    States are what is bound, and what is called the same on both sides; the rest of the inputs is fed anew in each
    call. A constant of an input is what the first call is fed. Raises UsageError where there is no state, where one
    is not what the next call takes, or has no constant to begin with.
    """
    by_output, by_input = ({one.name: one for one in side} for side in (outputs, inputs))
    told: dict[str, str | list[str]] = {}
    initial: dict[str, Junction] = {}
    for output, name in bound_pairs(bind):
        junction = None if output in by_output else parse_junction(output)
        if junction is not None and junction.kind == CONSTANT:
            initial[name] = junction
        else:
            add_pair(told, output, name)
    states = _states(told, by_output, by_input)
    for name, output in states.items():
        require_kept(by_output[output], by_input[name])
    for name in initial:
        if name not in states:
            raise UsageError(f"const {shortened(name)}", "no state, expected one. Feed it in each call, or bind it.")
    for name in states:
        if name not in initial:
            raise missing_initial(by_input[name])
        require_initial(initial[name], by_output[states[name]], by_input[name])
    fed = set(states.values())
    return (
        tuple(one for one in outputs if one.name in fed),
        tuple(one for one in inputs if one.name in states),
        {output: name for name, output in states.items()},
    )


def _states(told: Bind, outputs: Mapping[str, Endpoint], inputs: Mapping[str, Endpoint]) -> dict[str, str]:
    """For each input that is a state the output that it was."""
    found = read_told(told, outputs, inputs)
    if found.groups or found.junctions:
        raise UsageError("loop", "several outputs or inputs of one state, expected one each. Bind each state alone.")
    states = dict(found.single)
    for name in inputs:
        if name in outputs and name not in states and name not in states.values() and not is_counter(name):
            states[name] = name
    if not states:
        given = ", ".join(map(shortened, outputs))
        problem = f"no output of {given} is called as an input is, expected a state"
        raise UsageError("loop", f"{problem}. Name it with --bind OUT=IN.")
    twice = [output for output in states.values() if list(states.values()).count(output) > 1]
    if twice:
        raise UsageError(f"state {shortened(twice[0])}", "feeds two inputs, expected one. Bind each state alone.")
    return states


def missing_initial(state: Endpoint) -> UsageError:
    """Says that nothing is told of what the first call is fed."""
    option = f"--const {state.name}={json.dumps(_zero(state.spec))}"
    problem = f"nothing says what the first call is fed, expected a constant. Tell it, as with {option}."
    return UsageError(f"state {shortened(state.name)}", problem)


def require_initial(junction: Junction, output: Endpoint, state: Endpoint) -> None:
    """Raises UsageError for a constant that the state does not take, whatever its sizes are."""
    placed(junction.model_copy(update={"outputs": (output.name,)}), [state], {output.name: output})


def require_kept(output: Endpoint, state: Endpoint) -> None:
    """Raises UsageError where the next call does not take what this one gives, as it is."""
    given, taken = output.spec, state.spec
    # A batch of any size stays what it was in the call before.
    # A batch that has scales of its own has them at every size.
    bare = given.replace(facts=NO_FACTS)
    shaped = bare if bare.shape is None or taken.shape is None else bare.replace(shape=_kept(bare, taken))
    if not shaped.is_subtype_of(taken):
        place = f"state {shortened(output.name)}={shortened(state.name)}"
        raise UsageError(place, f"{given} is given, and the next call takes {taken}. Bind the output that it was.")


def _kept(given: TensorSpec, taken: TensorSpec) -> tuple[int | None, ...] | None:
    shape, other = given.shape or (), taken.shape or ()
    return (other[:1] + shape[1:]) if shape and other and shape[0] is None else given.shape


def _zero(spec: TensorSpec) -> bool | int | str:
    return False if spec.dtype == "bool" else "" if spec.dtype == "string" else 0
