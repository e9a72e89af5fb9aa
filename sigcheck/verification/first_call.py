"""First call: a model whose states are fed what its first call begins with. Imports TensorFlow: for the worker only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from sigcheck.verification.job import RunnableModel
from sigcheck.verification.loaded_model import Call


def begun(call: Call, model: RunnableModel) -> Call:
    """The model with its states fed; an open first axis is the batch of what else it is fed, another has one entry."""
    if not model.initial:
        return call
    specs = {one.name: one.spec for one in model.signature.inputs if one.name in model.initial}

    def first(inputs: Mapping[str, Any]) -> dict[str, Any]:
        batch = next((tf.shape(one)[0] for one in inputs.values() if _has_axes(one)), tf.constant(1))
        states = {}
        for name, spec in specs.items():
            sizes = [1 if size is None else size for size in spec.shape or ()]
            shape = [batch, *sizes[1:]] if spec.shape and spec.shape[0] is None else sizes
            states[name] = tf.fill(shape, tf.constant(model.initial[name], spec.dtype))
        return call({**inputs, **states})

    return first


def _has_axes(value: Any) -> bool:
    return tf.is_tensor(value) and bool(value.shape.rank)
