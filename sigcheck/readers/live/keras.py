"""Keras models in memory: functional ones by their tensors, subclassed ones by a symbolic call.

Endpoints are named as those of a `.keras` file: by the key of a dict, else by the layer.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from sigcheck.readers.live.parts.keras_tensor import layer_name, spec_of
from sigcheck.readers.live.parts.specs import find_leaves
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "keras_model"
ORDER = 10
ACCEPTS = "a Keras model"

# The name under which Keras keeps the shape of the only argument (`Layer._build_shapes_dict`).
_ONLY_SHAPE = "input_shape"
_SHAPE_SUFFIX = "_shape"


def recognizes(value: object) -> bool:
    """Whether it is a Keras model or layer, of Keras 3 or of tf_keras."""
    for name in ("keras", "tf_keras"):
        layer = getattr(getattr(sys.modules.get(name), "layers", None), "Layer", None)
        if isinstance(layer, type) and isinstance(value, layer):
            return True
    return False


def read(value: object) -> Model:
    """The signature under the key `default`; none for a model that was never built, and a note."""
    model: Any = value
    name = str(model.name)
    # A Keras 3 Sequential wraps a functional model once it knows its input.
    graph = getattr(model, "_functional", None) or model
    inputs, outputs = _structure(graph, "inputs"), _structure(graph, "outputs")
    if inputs is not None and outputs is not None:
        signature = Signature(key=DEFAULT_KEY, inputs=_read_tensors(inputs), outputs=_read_tensors(outputs))
        return Model(source=name, reader=NAME, signatures=(signature,))
    return _read_subclassed(model, name)


def _structure(model: Any, side: str) -> Any:
    """The nested KerasTensors: `_inputs_struct` in Keras 3, `_nested_inputs` in Keras 2."""
    found = getattr(model, f"_{side}_struct", None)
    return found if found is not None else getattr(model, f"_nested_{side}", None)


def _read_tensors(structure: Any) -> tuple[Endpoint, ...]:
    leaves = list(find_leaves(structure))
    is_keyed = isinstance(structure, Mapping)
    names = distinct_names(
        str(leaf.path[0]) if is_keyed and len(leaf.path) == 1 else layer_name(leaf.type_spec) for leaf in leaves
    )
    return tuple(
        Endpoint(name=name, spec=spec_of(leaf.type_spec), optional=_is_optional(leaf.type_spec))
        for name, leaf in zip(names, leaves, strict=True)
    )


def _is_optional(tensor: Any) -> bool:
    history = getattr(tensor, "_keras_history", None)
    return bool(getattr(getattr(history, "operation", None), "optional", False))


def _read_subclassed(model: Any, name: str) -> Model:
    """Takes the shapes that the model was built with, with the batch left open, and calls it symbolically."""
    keras = sys.modules.get("keras")
    shapes = getattr(model, "_build_shapes_dict", None)
    if not shapes or keras is None:
        message = "never called, so its inputs are not known. Call it once, or pass a signature with it."
        return Model(source=name, reader=NAME, signatures=(), notes=(Note(place="model", message=message),))
    given = {_argument_name(model, key): _open_batch(keras, model, shape) for key, shape in shapes.items()}
    message = "inputs are as in the first call, with the batch size left open and the dtype of the model's policy"
    notes = [Note(place="model", message=message)]
    outputs: tuple[Endpoint, ...] = ()
    try:
        result = model.compute_output_spec(**given)
    except Exception as error:  # noqa: BLE001  # the model's own code runs, and may raise anything
        reason = str(error).strip().partition("\n")[0][:200]
        notes.append(Note(place="model", message=f"its outputs are not known, a symbolic call fails: {reason}"))
        outputs = (Endpoint(name="output_0", spec=TensorSpec(dtype=None, shape=None)),)
    else:
        outputs = _read_results(result)
    signature = Signature(key=DEFAULT_KEY, inputs=_read_arguments(given), outputs=outputs)
    return Model(source=name, reader=NAME, signatures=(signature,), notes=tuple(notes))


def _argument_name(model: Any, key: str) -> str:
    if key != _ONLY_SHAPE:
        return key.removesuffix(_SHAPE_SUFFIX)
    parameters = getattr(getattr(model, "_call_signature", None), "parameters", {})
    return next(iter(parameters), "inputs")


def _open_batch(keras: Any, model: Any, shape: Any) -> Any:
    """KerasTensors for the shapes of one argument, which may be nested."""
    if isinstance(shape, Mapping):
        return {key: _open_batch(keras, model, item) for key, item in shape.items()}
    if isinstance(shape, list | tuple) and shape and isinstance(shape[0], list | tuple | Mapping):
        return [_open_batch(keras, model, item) for item in shape]
    return keras.KerasTensor((None, *shape[1:]), dtype=model.input_dtype)


def _read_arguments(given: Mapping[str, Any]) -> tuple[Endpoint, ...]:
    pairs = [
        (
            str(leaf.path[-1])
            if leaf.path and isinstance(leaf.path[-1], str)
            else f"{name}_{leaf.path[-1]}"
            if leaf.path
            else name,
            leaf,
        )
        for name, structure in given.items()
        for leaf in find_leaves(structure)
    ]
    names = distinct_names(name for name, _ in pairs)
    return tuple(
        Endpoint(name=name, spec=spec_of(leaf.type_spec)) for name, (_, leaf) in zip(names, pairs, strict=True)
    )


def _read_results(structure: Any) -> tuple[Endpoint, ...]:
    """The outputs of a symbolic call, which no layer names: their keys, or output_0, output_1 as in an export."""
    leaves = list(find_leaves(structure))
    names = distinct_names(
        leaf.path[-1] if leaf.path and isinstance(leaf.path[-1], str) else f"output_{index}"
        for index, leaf in enumerate(leaves)
    )
    return tuple(Endpoint(name=name, spec=spec_of(leaf.type_spec)) for name, leaf in zip(names, leaves, strict=True))
