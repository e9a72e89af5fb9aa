"""Keras layers that go along a sequence: recurrent ones, and wrappers that call another layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.layer import argument, as_built, settings
from sigcheck.sizes.operations.elementwise import broadcast
from sigcheck.sizes.tensor import Size, Sized, multiply

# How many states a cell keeps; each has the size of its output.
_STATES = {"LSTM": 2, "CuDNNLSTM": 2, "GRU": 1, "CuDNNGRU": 1, "SimpleRNN": 1}
_CELLS = frozenset({"LSTMCell", "GRUCell", "SimpleRNNCell"})
_SEQUENCE_RANK = 3


def _recurred(call: Call) -> list[Sized]:
    return _along(call, settings(call), call.node.op.removeprefix("Keras>"))


def _along(call: Call, config: Mapping[str, Any], kind: str) -> list[Sized]:
    """A sequence or its last step, and the states."""
    sizes = call.sizes()
    if len(sizes) != _SEQUENCE_RANK or config.get("time_major"):
        raise UndecidedError("no sequence")
    as_built(call, sizes[2], 2)
    units = _units(config)
    batch = batch_of(call)
    last = Sized((batch, units))
    whole = Sized((batch, sizes[1], units)) if config.get("return_sequences") else last
    return [whole, *[last] * _STATES[kind] * bool(config.get("return_state"))]


def batch_of(call: Call) -> Size:
    """How many examples there are: states that are given are stretched to the sequences, and these to them."""
    masks = {argument(call, 1, "mask")}
    found = call.sizes()[:1]
    for at, operand in enumerate(call.operands[1:], 1):
        if at not in masks:
            found = call.fresh_sizes(1) if operand.sizes is None else broadcast(call, found, operand.sizes[:1])
    return found[0]


def _by_cell(call: Call) -> Sized:
    """RNN around one of Keras' own cells, or a stack of them, of which the last one gives the result."""
    config, sizes = settings(call), call.sizes()
    cell: Any = config.get("cell")
    if isinstance(cell, dict) and cell.get("class_name") == "StackedRNNCells":
        cell = cell["config"]["cells"][-1]
    is_own = isinstance(cell, dict) and cell.get("class_name") in _CELLS and _is_of_keras(cell)
    if not is_own or config.get("return_state") or len(sizes) != _SEQUENCE_RANK:
        raise UndecidedError("a cell of its own")
    as_built(call, sizes[2], 2)
    units, batch = _units(cell["config"]), batch_of(call)
    return Sized((batch, sizes[1], units) if config.get("return_sequences") else (batch, units))


def _both_ways(call: Call) -> list[Sized]:
    layer = settings(call).get("layer")
    if not isinstance(layer, dict) or layer.get("class_name") not in _STATES or not _is_of_keras(layer):
        raise UndecidedError("a layer that is not known")
    whole, *states = _along(call, layer["config"], layer["class_name"])
    mode = settings(call).get("merge_mode")
    if mode is None:
        return [whole, whole, *states, *states]
    if mode not in {"concat", "sum", "mul", "ave"} or whole.sizes is None:
        raise UndecidedError("an unknown way to merge")
    width: Size = multiply(whole.sizes[-1], 2 if mode == "concat" else 1)
    return [Sized((*whole.sizes[:-1], width)), *states, *states]


def _units(config: Mapping[str, Any]) -> int:
    units = config.get("units")
    if type(units) is not int or units < 1:
        raise UndecidedError("no units")
    return units


def _is_of_keras(layer: Mapping[str, Any]) -> bool:
    module = layer.get("module", "keras.layers")
    is_named = layer.get("registered_name") in {None, layer.get("class_name")}
    return is_named and isinstance(module, str) and module.startswith(("keras.", "tensorflow.keras.", "tf_keras."))


def _step(call: Call) -> Sized:
    """What the layer inside TimeDistributed sees: one step."""
    sizes = call.sizes()
    if len(sizes) < _SEQUENCE_RANK:
        raise UndecidedError("no steps")
    return Sized((sizes[0], *sizes[2:]))


def _steps(call: Call) -> Sized:
    """What TimeDistributed makes of what its layer gives for each step of the second operand."""
    given, sizes = call.sizes(0), call.sizes(1)
    if not given:
        raise UndecidedError("no batch")
    return Sized((given[0], sizes[1], *given[1:]))


def _declared(call: Call) -> Sized:
    """A model within another refuses what its own input is not declared to be (`Functional.input_spec`)."""
    sizes, wanted = list(call.sizes()), call.attributes["shape"]
    if len(sizes) != len(wanted):
        raise UndecidedError("an input of another rank")
    # An axis behind all others of size 1 may be left out.
    for axis, size in enumerate(wanted[1:-1], 1):
        if size is not None:
            sizes[axis] = call.joined(sizes[axis], size)
    return Sized(tuple(sizes))


def _first(call: Call) -> Sequence[Sized]:
    return [call.operands[0]]


RULES: dict[str, Rule] = {
    **{f"Keras>{name}": _recurred for name in _STATES},
    "Keras>RNN": _by_cell,
    "Keras>Bidirectional": _both_ways,
    "Keras>step": _step,
    "Keras>steps": _steps,
    "Keras>Cast": _first,
    "Keras>SpectralNormalization": _first,
    "Keras>declared": _declared,
}
