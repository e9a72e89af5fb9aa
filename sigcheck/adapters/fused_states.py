"""Fused states: what a fused model takes and gives for the states of its parts, each under a name of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sigcheck.adapters.request import KeptState, Stage
from sigcheck.schema.distinct import free_name
from sigcheck.schema.errors import UsageError
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.state import State
from sigcheck.schema.tensor_spec import TensorSpec


def fused_states(
    stages: Sequence[Stage], names: Sequence[str], states: Sequence[State], kept: Sequence[tuple[int, str]]
) -> tuple[KeptState, ...]:
    """The states, in their order; `names` are what the stages are called, `kept` the other outputs of earlier ones.

    An input of the first stage and an output of the last stay what they are; another is called as its model has it, or
    `MODEL_NAME` where that is taken. Raises UsageError for a state that is not dense, or of which nothing says how
    large the first one is.
    """
    inputs = {one.name for one in stages[0].signature.inputs}
    outputs = {one.name for one in stages[-1].signature.outputs} | {name for _, name in kept}
    found = []
    for state in states:
        at = list(names).index(state.model)
        signature = stages[at].signature
        spec = _spec(signature.inputs, state)
        own = re.sub(r"\W", "_", state.model, flags=re.ASCII)
        is_given = at == len(stages) - 1 or (at, state.output) in kept
        called = (
            _argument(signature.inputs, state) if at == 0 else _called(state.input, own, inputs),
            state.output if is_given else _called(state.output, own, outputs),
        )
        found.append(KeptState(stage=at, state=state, input=called[0], output=called[1], spec=spec))
    return tuple(found)


def _argument(inputs: Sequence[Endpoint], state: State) -> str:
    """The name that the first stage has for it in its file, as for all its arguments."""
    return next((one.parts or (one.name,))[0] for one in inputs if one.name == state.input)


def _called(name: str, model: str, taken: set[str]) -> str:
    found = name if name not in taken else free_name(f"{model}_{name}", taken)
    taken.add(found)
    return found


def _spec(inputs: Sequence[Endpoint], state: State) -> TensorSpec:
    spec = next(one.spec for one in inputs if one.name == state.input)
    place = f"state {state.input}"
    if spec.kind != "dense" or spec.shape is None or spec.dtype is None:
        raise UsageError(place, f"{spec}, expected a dense tensor of known rank and dtype. Export the model with it.")
    for axis, size in enumerate(spec.shape[1:], start=1):
        if size is None:
            problem = f"{spec}, of which nothing says how long axis {axis} is in the first call"
            raise UsageError(place, f"{problem}; expected sizes behind the batch. Export the model with them.")
    return spec
