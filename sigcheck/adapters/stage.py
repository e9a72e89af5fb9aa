"""Stages: the models of a pipeline, loaded and called by the names of their signatures. Imports TensorFlow.

A model is a program: this runs in the process that writes models only. Keras' safe mode stays on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sigcheck.adapters.module import SERVING_KEY, check_argument_names
from sigcheck.adapters.request import Stage
from sigcheck.readers.loaded.cure import cure, in_short
from sigcheck.readers.loaded.custom_objects import import_modules
from sigcheck.readers.loaded.keras_file import load_keras
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.signature import Endpoint

_COPIES = "_all_variables"


class LoadedStage:
    """A loaded SavedModel, and the function of one of its signatures.

    `holder` owns the variables, tables and assets: what is saved must track it.
    """

    def __init__(self, stage: Stage, scratch: Path) -> None:
        """Loads the model; a Keras model is exported to a folder in `scratch` first. Raises SourceError."""
        import tensorflow as tf

        self.stage = stage
        place, key = stage.path, stage.signature.key
        try:
            if stage.form == "keras":
                place, key = str(scratch), SERVING_KEY
                export_keras(stage, scratch)
            elif stage.program is not None:
                import_modules(stage.program)
            self.holder = tf.saved_model.load(place, tags=list(stage.signature.tags) or None)
        except UsageError:
            raise
        except Exception as error:  # a model's code and its loader may raise anything
            reason = in_words(error)
            raise SourceError(stage.place, f"cannot be loaded: {in_short(reason)}. {cure(reason)}") from error
        if key not in self.holder.signatures:
            raise UsageError(
                stage.place, f"no signature {key!r} that can be called, expected one. Export it with signatures."
            )
        self.function = self.holder.signatures[key]
        if stage.form == "keras":
            _drop_copies(self.holder, self.function)

    def input_specs(self) -> dict[str, Any]:
        """TensorFlow's specs of the arguments, by the names in the file: ragged and sparse inputs in parts."""
        specs: dict[str, Any] = self.function.structured_input_signature[1]
        check_argument_names(specs)
        return specs

    def call(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs for inputs by the names of the endpoints; ragged and sparse tensors whole."""
        given: dict[str, Any] = {}
        for endpoint in self.stage.signature.inputs:
            if endpoint.name in inputs:
                given |= _parts(endpoint, inputs[endpoint.name])
        return self.call_parts(given)

    def whole(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs that are given by the names of the endpoints, of arguments by the names in the file."""
        given = [one for one in self.stage.signature.inputs if arguments.keys() >= set(one.parts or (one.name,))]
        return {endpoint.name: _whole(endpoint, arguments) for endpoint in given}

    def call_parts(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs for arguments by the names in the file."""
        outputs: dict[str, Any] = self.function(**arguments)
        return outputs


def _drop_copies(holder: Any, function: Any) -> None:
    """Forgets the second copy of every variable that an export of Keras holds (`ExportArchive.write_out`)."""
    used = {id(variable) for variable in function.variables}
    copies = getattr(holder, _COPIES, ())
    if copies and not used.intersection(map(id, copies)):
        delattr(holder, _COPIES)


def _parts(endpoint: Endpoint, value: Any) -> dict[str, Any]:
    if endpoint.spec.kind == "ragged" and len(endpoint.parts) > 1:
        return dict(zip(endpoint.parts, (value.flat_values, *value.nested_row_splits), strict=True))
    if endpoint.spec.kind == "sparse" and len(endpoint.parts) > 1:
        return dict(zip(endpoint.parts, (value.indices, value.values, value.dense_shape), strict=True))
    return {(endpoint.parts or (endpoint.name,))[0]: value}


def _whole(endpoint: Endpoint, arguments: Mapping[str, Any]) -> Any:
    import tensorflow as tf

    parts = [arguments[name] for name in endpoint.parts or (endpoint.name,)]
    if endpoint.spec.kind == "ragged" and len(parts) > 1:
        return tf.RaggedTensor.from_nested_row_splits(parts[0], parts[1:])
    if endpoint.spec.kind == "sparse" and len(parts) > 1:
        return tf.SparseTensor(*parts)
    return parts[0]


def export_keras(stage: Stage, folder: Path) -> None:
    """Writes a Keras file as a SavedModel whose signature has the names that sigcheck shows.

    Raises what Keras raises, and UsageError where the model has other inputs or outputs than its file says.
    """
    import keras
    import tensorflow as tf

    model = load_keras(Path(stage.path), stage.program)
    signature = stage.signature
    graph = getattr(model, "_functional", None) or model
    inputs = getattr(graph, "_inputs_struct", None)
    if inputs is None or len(keras.tree.flatten(inputs)) != len(signature.inputs):
        raise UsageError(stage.place, "a model whose inputs only its code knows, expected a functional one. Export it.")
    names = [endpoint.name for endpoint in signature.inputs]
    check_argument_names(names)
    specs = {
        name: tf.TensorSpec(tensor.shape, tensor.dtype, name=name)
        for name, tensor in zip(names, keras.tree.flatten(inputs), strict=True)
    }

    def serve(**arguments: Any) -> dict[str, Any]:
        given = keras.tree.pack_sequence_as(inputs, [arguments[name] for name in names])
        outputs = keras.tree.flatten(model(given, training=False))
        return {endpoint.name: tensor for endpoint, tensor in zip(signature.outputs, outputs, strict=True)}

    archive = keras.export.ExportArchive()
    archive.track(model)
    endpoint = tf.function(serve, autograph=False)
    endpoint.get_concrete_function(**specs)
    archive.add_endpoint(SERVING_KEY, endpoint)
    archive.write_out(str(folder), verbose=False)


def in_words(error: Exception) -> str:
    """The error on one line, its kind first."""
    text = " ".join(str(error).split())[:500].rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
