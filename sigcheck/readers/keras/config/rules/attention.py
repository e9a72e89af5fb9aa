"""Attention: a value for each query."""

from __future__ import annotations

from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.rules.dtypes import is_dense
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor


def attend(call: Call) -> Outputs | None:
    """The queries' axes with the values' last one; takes `[query, value]` or `[query, value, key]`."""
    query, value = call.inputs[0].shape, call.inputs[1].shape
    if not is_dense(call) or _gives_scores(call):
        return None
    dtype = compute_dtype(call.config)
    return (Tensor(dtype, None if query is None or value is None else (*query[:-1], value[-1])),)


def attend_with_heads(call: Call) -> Outputs | None:
    """The queries' axes; the last one is as wide as before unless `output_shape` says otherwise."""
    query, wanted = call.inputs[0].shape, call.config.get("output_shape")
    if not is_dense(call) or _gives_scores(call):
        return None
    if query is not None and wanted is not None:
        query = (*query[:-1], *([wanted] if isinstance(wanted, int) else wanted))
    return (Tensor(compute_dtype(call.config), query),)


def _gives_scores(call: Call) -> bool:
    # Keras declares the scores of queries of another length than the values with a wrong size.
    return bool(call.arguments.get("return_attention_scores"))


RULES: dict[str, Rule] = {
    "Attention": attend,
    "AdditiveAttention": attend,
    "MultiHeadAttention": attend_with_heads,
}
