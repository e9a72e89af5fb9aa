"""Recurrent layers: a sequence, or its last step, and on request the states."""

from __future__ import annotations

from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.rules.dtypes import is_dense
from sigcheck.readers.keras.config.rules.wrapping import one_policy
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor

# How many states a cell keeps; each has the size of its output.
_STATES = {"LSTM": 2, "CuDNNLSTM": 2, "GRU": 1, "CuDNNGRU": 1, "SimpleRNN": 1}


def _recur(states: int) -> Rule:
    def rule(call: Call) -> Outputs | None:
        """`units` numbers for each step or the last one."""
        (fed, *_), is_whole = call.inputs, bool(call.config["return_sequences"])
        shape = fed.shape
        # Of ragged steps the last one is dense, too.
        is_last = shape is None and fed.kind is None and len(call.inputs) == 1 and not is_whole
        if not (is_dense(call) or is_last) or call.config.get("time_major"):
            return None
        dtype, units = compute_dtype(call.config), call.config["units"]
        batch = None if shape is None else shape[0]
        steps = None if shape is None else shape[1]
        last = Tensor(dtype, (batch, units))
        whole = Tensor(dtype, (batch, steps, units)) if is_whole else last
        return (whole, *(last,) * states) if call.config["return_state"] else (whole,)

    return rule


def bidirectional(call: Call) -> Outputs | None:
    """Both directions of the layer inside, merged as `merge_mode` says, or side by side."""
    inner = call.config["layer"]["config"]
    # The second argument, an initial state, does not change what comes out.
    outputs = call.call_wrapped(call.config["layer"], call.inputs[:1])
    if not outputs:
        return None
    whole, states = outputs[0], outputs[1:] if inner["return_state"] else ()
    mode = call.config["merge_mode"]
    if mode is None:
        return one_policy(call, (whole, whole, *states, *states))
    if mode == "concat":
        if whole.shape is None or whole.shape[-1] is None:
            return None
        whole = whole.with_shape((*whole.shape[:-1], 2 * whole.shape[-1]))
    elif mode not in {"sum", "mul", "ave"}:
        return None
    return one_policy(call, (whole, *states, *states))


RULES: dict[str, Rule] = {
    **{name: _recur(states) for name, states in _STATES.items()},
    "Bidirectional": bidirectional,
}
