"""Keras model: the plans of a pair as a functional model of built-in layers. Imports Keras.

Scales and normalizations become the layers that people know for them. Everything else is the
emitted code, its calls said in Keras. Keras has no layer that refuses values, so that a plan
with a guard has this form only where a layer happens to refuse the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sigcheck.adapters.keras_calls import UnsupportedError, namespace
from sigcheck.schema.errors import UsageError
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME

_OTHER_FORM = "Take another form, such as --as saved_model."


def build_keras(bindings: Sequence[Binding]) -> Any:
    """The `keras.Model` from a dict of provided names to a dict of required ones; each binding must have a plan.

    Raises UsageError where Keras has nothing for a kind, a rank, a step or a guard.
    """
    import keras

    inputs = {binding.provided: _input(binding) for binding in bindings}
    outputs = {}
    for binding in bindings:
        x, spec = inputs[binding.provided], binding.provided_spec
        for step in binding.plan.steps if binding.plan is not None else ():
            x = _apply(binding, spec, step, x)
            spec = step.result
        # A model cannot give an input back as it is.
        outputs[binding.required] = keras.layers.Identity(dtype=x.dtype)(x) if x is inputs[binding.provided] else x
    return keras.Model(inputs, outputs, name="adapter")


def _input(binding: Binding) -> Any:
    import keras

    spec = binding.provided_spec
    if spec.kind != "dense" or not spec.shape or spec.dtype is None:
        problem = f"{spec}, expected a dense tensor of known dtype and of rank 1 at least. {_OTHER_FORM}"
        raise UsageError(binding.provided, problem)
    name = re.sub(r"\W", "_", binding.provided, flags=re.ASCII)
    try:
        return keras.Input(batch_shape=spec.shape, dtype=spec.dtype, name=name)
    except (ValueError, TypeError) as error:
        raise UsageError(binding.provided, f"{spec}, which Keras does not take: {error}. {_OTHER_FORM}") from error


def _apply(binding: Binding, spec: TensorSpec, step: Step, x: Any) -> Any:
    try:
        if step.guard is not None:
            return _guard(spec, step, x)
        # The numbers of these layers are held in float32, which is not enough for float64.
        if step.transform in _LAYERS and spec.dtype == "float32" and step.arguments.get("axis") != 0:
            return _LAYERS[step.transform](step)(x)
        code = BY_NAME[step.transform].emit(spec, step, "x")
        names: dict[str, Any] = {"tf": namespace(), "x": x}
        # The text is what sigcheck wrote itself; no name of a model is in it.
        exec("\n".join([*code.lines, f"result = {code.expression}"]), names)  # noqa: S102  # emitted code has to run
        return names["result"]
    except UnsupportedError as error:
        raise UsageError(binding.required, f"{error}, which {step} needs. {_OTHER_FORM}") from None
    except (ValueError, TypeError, NotImplementedError, AttributeError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise UsageError(binding.required, f"Keras does not take {step}: {reason}. {_OTHER_FORM}") from error


def _guard(spec: TensorSpec, step: Step, x: Any) -> Any:
    """The layer that refuses what the guard refuses: `Reshape`, where one open size is all that is filled in."""
    import keras

    shape, result = spec.shape or (), step.result.shape or ()
    filled = [axis for axis, (size, to) in enumerate(zip(shape, result, strict=False)) if size != to]
    if step.transform == "ensure_shape" and len(filled) == 1 and filled[0] > 0 and None not in result[1:]:
        return keras.layers.Reshape(result[1:], dtype=x.dtype)(x)
    raise UnsupportedError(f"Keras has no layer that refuses values ({step.guard})")


def _rescaling(step: Step) -> Any:
    import keras

    (low, high), (to_low, to_high) = step.arguments["from"], step.arguments["to"]
    factor = (to_high - to_low) / (high - low)
    return keras.layers.Rescaling(factor, to_low - low * factor, dtype="float32")


def _normalization(step: Step) -> Any:
    import keras

    axis, mean, std = step.arguments.get("axis"), list(step.arguments["mean"]), list(step.arguments["std"])
    variance = [one * one for one in std]
    return keras.layers.Normalization(
        axis=axis,
        mean=mean if axis is not None else mean[0],
        variance=variance if axis is not None else variance[0],
        invert=step.transform == "destandardize",
        dtype="float32",
    )


_LAYERS = {"scale": _rescaling, "standardize": _normalization, "destandardize": _normalization}
