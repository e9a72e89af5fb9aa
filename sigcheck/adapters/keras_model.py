"""Keras model: the plans of a pair as a functional model of built-in layers. Imports Keras.

Scales and normalizations become the layers that people know for them. Everything else is the
emitted code, its calls said in Keras. Keras has no layer that refuses values, so that a plan
with a guard has this form only where a layer happens to refuse the same.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.adapters.keras_calls import UnsupportedError, namespace
from sigcheck.adapters.pieces import Piece, pieces
from sigcheck.junctions import JUNCTIONS
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.forms import KerasCall, keras_calls
from sigcheck.transforms.parts.line import Line
from sigcheck.transforms.parts.transform import Code

# Keras' layer has an epsilon in the place of smaller deviations, and squares of larger ones have no place in float32.
_DEVIATIONS = (1e-6, 1e18)
_OTHER_FORM = "Take another form, such as --as saved_model."


def build_keras(bindings: Sequence[Binding]) -> Any:
    """The `keras.Model` from a dict of provided names to a dict of required ones; each binding must have a plan.

    Raises UsageError where Keras has nothing for a kind, a rank, a step or a guard.
    """
    import keras

    for binding in bindings:
        if binding.asserts:
            problem = f"Keras has no layer that refuses sizes ({binding.asserts[0].holds}), which this pair asserts."
            raise UsageError(binding.required, f"{problem} {_OTHER_FORM[:-1]}, or allow no guard, with --no-guard.")
    sources = {source.name: source.spec for binding in bindings for source in binding.sources}
    # Keras takes names of few characters: two that differ in others must stay two.
    plain = distinct_names(re.sub(r"\W", "_", name, flags=re.ASCII) for name in sources)
    inputs = {name: _input(name, own, spec) for own, (name, spec) in zip(plain, sources.items(), strict=True)}
    outputs = {}
    for binding in bindings:
        x = _fed(binding, inputs)
        # A model cannot give an input back as it is.
        is_given = binding.junction is None and x is inputs[binding.provided]
        outputs[binding.required] = _given_back(binding, x) if is_given else x
    with warnings.catch_warnings():
        # That its tensors are called otherwise than the outputs is meant.
        warnings.filterwarnings("ignore", "When providing `inputs` as a dict", UserWarning)
        return keras.Model(inputs, outputs, name="adapter")


def _given_back(binding: Binding, x: Any) -> Any:
    import keras

    try:
        return keras.layers.Identity(dtype=x.dtype)(x)
    except ValueError:
        problem = f"Keras has no layer of {x.dtype}, expected a dtype that layers have. {_OTHER_FORM}"
        raise UsageError(binding.required, problem) from None


def _fed(binding: Binding, inputs: Mapping[str, Any]) -> Any:
    """What the input is fed, of Keras tensors by provided name."""
    x = inputs[binding.provided] if binding.junction is None else _joined(binding, binding.junction, inputs)
    for piece in pieces(binding.provided_spec, binding.plan.steps if binding.plan is not None else ()):
        x = _apply(binding, piece, x)
    return x


def _joined(binding: Binding, junction: Step, inputs: Mapping[str, Any]) -> Any:
    parts = {f"x{at}": _fed(part, inputs) for at, part in enumerate(binding.parts)}
    if any(part.dtype == "string" for part in parts.values()):
        raise UsageError(binding.required, f"Keras has no strings, which {junction} needs. {_OTHER_FORM}")
    # What the guard of a junction refuses, the operation refuses itself.
    return _run(binding, junction, JUNCTIONS[junction.transform].emit(binding.part_specs, junction, list(parts)), parts)


def _input(name: str, plain: str, spec: TensorSpec) -> Any:
    import keras

    if spec.kind != "dense" or not spec.shape or spec.dtype is None:
        problem = f"{spec}, expected a dense tensor of known dtype and of rank 1 at least. {_OTHER_FORM}"
        raise UsageError(name, problem)
    try:
        return keras.Input(batch_shape=spec.shape, dtype=spec.dtype, name=plain)
    except (ValueError, TypeError) as error:
        raise UsageError(name, f"{spec}, which Keras does not take: {error}. {_OTHER_FORM}") from error


def _apply(binding: Binding, piece: Piece, x: Any) -> Any:
    if piece.line is not None and (layer := _converting(piece, piece.line)) is not None:
        return layer(_as_floats(x))
    if len(piece.steps) > 1 and piece.line is None:
        # The layers that people know for these take one step each.
        for one in piece.apart:
            x = _apply(binding, one, x)
        return x
    (*_, step) = piece.steps
    try:
        if step.guard is not None:
            return _guard(piece.spec, step, x)
        # The numbers of these layers are held in float32, which is not enough for float64.
        is_known = piece.line is None and step.transform in _LAYERS and _has_layer(step.arguments.get("std", ()))
        if is_known and piece.spec.dtype == "float32" and step.arguments.get("axis") != 0:
            return _LAYERS[step.transform](step)(x)
    except UnsupportedError as error:
        raise UsageError(binding.required, f"{error}, which {step} needs. {_OTHER_FORM}") from None
    return _run(binding, step, piece.emit("x"), {"x": x}, piece.writers)


def _as_floats(x: Any) -> Any:
    import keras

    return x if x.dtype == "float32" else keras.ops.cast(x, "float32")


def _has_layer(deviations: Sequence[float]) -> bool:
    """Whether the layer that normalizes divides by these deviations as they are."""
    return all(_DEVIATIONS[0] <= one <= _DEVIATIONS[1] for one in deviations)


def _converting(piece: Piece, whole: Line) -> Any | None:
    """The layer of several steps that scale and shift, where one has their numbers in float32."""
    import keras

    if piece.stored is not None or piece.result.dtype != "float32" or whole.axis == 0:
        return None
    if whole.axis is None:
        return keras.layers.Rescaling(float(whole.factor[0]), float(whole.shift[0]), dtype="float32")
    if any(factor <= 0 for factor in whole.factor) or not _has_layer([float(1 / factor) for factor in whole.factor]):
        return None
    mean = [float(-shift / factor) for factor, shift in whole.pairs]
    variance = [float(1 / factor**2) for factor in whole.factor]
    return keras.layers.Normalization(axis=whole.axis, mean=mean, variance=variance, dtype="float32")


def _run(binding: Binding, step: Step, code: Code, values: Mapping[str, Any], writers: Sequence[str] = ()) -> Any:
    """The emitted code of a step, or of these transforms, with its calls said in Keras."""
    try:
        own = {name: call for one in writers or [step.transform] for name, call in _own(one).items()}
        names: dict[str, Any] = {"tf": namespace(own), **values}
        # The text is what sigcheck wrote itself; no name of a model is in it.
        exec("\n".join([*code.lines, f"result = {code.expression}"]), names)  # noqa: S102  # emitted code has to run
        return names["result"]
    except UnsupportedError as error:
        raise UsageError(binding.required, f"{error}, which {step} needs. {_OTHER_FORM}") from None
    except (ValueError, TypeError, NotImplementedError, AttributeError) as error:
        # Of a symbolic tensor: shapes and dtypes that Keras does not take, its truth, its rows one by one, and what
        # only a tensor with values has.
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise UsageError(binding.required, f"Keras does not take {step}: {reason}. {_OTHER_FORM}") from error


def _own(entry: str) -> Mapping[str, KerasCall]:
    """What the entry says of calls that it alone makes."""
    return keras_calls(BY_NAME.get(entry) or JUNCTIONS[entry])


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
