"""Models as functions from named tensors to named tensors. Imports TensorFlow: for the worker only.

Loading a model runs what is in it. Keras' safe mode stays on: it refuses layers that are code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from sigcheck.readers.live import keras as live_keras
from sigcheck.readers.live.parts.specs import find_leaves
from sigcheck.readers.loaded.cure import cure, in_short
from sigcheck.readers.loaded.custom_objects import import_modules
from sigcheck.readers.loaded.keras_file import load_keras
from sigcheck.readers.loaded.program import Program
from sigcheck.schema.selection import SERVING_TAGS
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.verification.error_text import in_words
from sigcheck.verification.job import RunnableModel
from sigcheck.verification.runner import LoadError

_SAVED_MODELS = frozenset({"saved_model", "tf_module"})
# From the names of a signature to tensors, for what goes in and what comes out.
Call = Callable[[Mapping[str, Any]], dict[str, Any]]


def load_model(model: RunnableModel) -> Call:
    """The model's signature as a function, in eager mode and in graphs. Raises LoadError."""
    load = _load_saved_model if model.reader in _SAVED_MODELS else _load_keras
    try:
        return load(Path(model.path), model.signature, model.program)
    except LoadError:
        raise
    except Exception as error:
        reason = in_words(error)
        raise LoadError(f"{model.source} cannot be loaded: {in_short(reason)}. {cure(reason)}") from error


def _load_saved_model(path: Path, signature: Signature, program: Program | None) -> Call:
    if program is not None:
        import_modules(program)
    folder = path if path.is_dir() else path.parent
    loaded = tf.saved_model.load(str(folder), tags=list(signature.tags or SERVING_TAGS))
    function = loaded.signatures.get(signature.key) if hasattr(loaded, "signatures") else None
    if function is None:
        function = _find_function(loaded, signature.key)

    def call(inputs: Mapping[str, Any]) -> dict[str, Any]:
        # Functions of a loaded model keep its variables alive only as long as the model is.
        _ = loaded
        given = function(**_flattened(signature, inputs))
        return _named(given, signature)

    return call


def _find_function(loaded: Any, key: str) -> Any:
    found = loaded
    for name in key.split("."):
        found = getattr(found, name, None)
    if not callable(found):
        raise LoadError(f"{key!r} is not among the functions of the loaded model")
    return found


def _flattened(signature: Signature, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs under the names that the file has for them: ragged and sparse tensors in their parts."""
    flat: dict[str, Any] = {}
    for endpoint in signature.inputs:
        if endpoint.name not in inputs:
            continue
        value = inputs[endpoint.name]
        if len(endpoint.parts) > 1:
            flat.update(zip(endpoint.parts, _parts(endpoint, value), strict=True))
        else:
            flat[endpoint.parts[0] if endpoint.parts else endpoint.name] = value
    return flat


def _parts(endpoint: Endpoint, value: Any) -> list[Any]:
    if endpoint.spec.kind == "ragged":
        return [value.flat_values, *value.nested_row_splits]
    return [value.indices, value.values, value.dense_shape]


def _named(given: Any, signature: Signature) -> dict[str, Any]:
    names = [endpoint.name for endpoint in signature.outputs]
    if isinstance(given, Mapping) and set(names) <= given.keys():
        return {name: given[name] for name in names}
    leaves = [leaf.type_spec for leaf in find_leaves(given)]
    if len(leaves) != len(names):
        raise LoadError(f"it gives {len(leaves)} tensors, its signature says {len(names)}")
    return dict(zip(names, leaves, strict=True))


def _load_keras(path: Path, signature: Signature, program: Program | None) -> Call:
    import keras

    model = load_keras(path, program)
    graph = getattr(model, "_functional", None) or model
    structure = getattr(graph, "_inputs_struct", None)
    if structure is None:
        return _call_subclassed(model, signature)
    own = [endpoint.name for endpoint in live_keras.read(model).signatures[0].inputs]
    read = [endpoint.name for endpoint in signature.inputs]
    # Where the file was written by a Keras that named its inputs otherwise, their order holds.
    order = own if set(own) == set(read) else read
    names = {id(leaf.type_spec): name for leaf, name in zip(find_leaves(structure), order, strict=True)}

    def call(inputs: Mapping[str, Any]) -> dict[str, Any]:
        packed = keras.tree.map_structure(lambda tensor: inputs.get(names[id(tensor)]), structure)
        return _named(model(packed, training=False), signature)

    return call


def _call_subclassed(model: Any, signature: Signature) -> Call:
    if len(signature.inputs) != 1:
        raise LoadError("a subclassed model of several inputs, whose call is not in its file")
    (name,) = (endpoint.name for endpoint in signature.inputs)
    return lambda inputs: _named(model(inputs[name], training=False), signature)
