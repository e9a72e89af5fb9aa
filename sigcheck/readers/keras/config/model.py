"""The signature of a serialized Keras model, as far as its config says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sigcheck.readers.keras.config.graph import Graph, input_tensor, is_input
from sigcheck.readers.keras.config.inference import Inference
from sigcheck.readers.keras.config.layer import Layer, is_functional, is_sequential, parse_layer
from sigcheck.readers.keras.config.structure import name_ends
from sigcheck.readers.keras.config.tensor import UNKNOWN, Outputs, Tensor, as_shape
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

_LOAD = "Read it with --load, which loads the model."
_LOAD_CLASS = "Read it with --load --import {module}, which loads the model with that class."


def read_config(data: Any, keras_version: str | None = None) -> tuple[tuple[Signature, ...], tuple[Note, ...]]:
    """The signature of a model that `keras.saving.serialize_keras_object` wrote, and notes.

    No signature where the config says nothing of the inputs: the code of a subclassed
    model is not in its file. An output that no record and no rule gives has dtype and
    shape None, and a note. `keras_version` is that of an HDF5 file. Raises ValueError, KeyError
    or TypeError where it is no model.
    """
    if not (isinstance(data, dict) and isinstance(data.get("class_name"), str) and "config" in data):
        raise ValueError("no serialized Keras model, which has a class_name and a config")
    unknown = UNKNOWN._replace(kind="dense") if _is_before_ragged(keras_version) else UNKNOWN
    if is_sequential(data):
        return _read_sequential(data, unknown)
    if is_functional(data["config"]):
        return _read_functional(data, unknown)
    build = data.get("build_config")
    built = f"; it was built with {_written(build)}" if isinstance(build, dict) and build else ""
    message = f"class {data['class_name']!r} computes in code that is not in the file{built}. {_load_class(data)}"
    return (), (Note(place="model", message=message, by_loading=True),)


def _read_functional(data: Mapping[str, Any], unknown: Tensor) -> tuple[tuple[Signature, ...], tuple[Note, ...]]:
    config = data["config"]
    inference = Inference(unknown)
    model = parse_layer({"name": "model", **data, "inbound_nodes": []})
    inference.refute((model,))
    graph = inference.graph(config)
    inputs = [
        (named.name, graph.tensor(named.ref), _is_optional(graph, named.ref.layer)) for named in name_ends(graph.inputs)
    ]
    ends = name_ends(graph.outputs)
    tensors = inference.resolve(graph, (named.ref for named in ends))
    outputs = [(named.name, tensors[named.ref[:3]]) for named in ends]
    notes = [
        *_custom(data),
        *(
            _unknown(named.name, graph.layers.get(named.ref.layer), inference, graph.behind(named.ref[:3]))
            for named in ends
            if not _is_known(tensors[named.ref[:3]])
        ),
    ]
    signature = Signature(
        key=DEFAULT_KEY,
        inputs=tuple(Endpoint(name=name, spec=spec_of(tensor), optional=optional) for name, tensor, optional in inputs),
        outputs=tuple(Endpoint(name=name, spec=spec_of(tensor)) for name, tensor in outputs),
    )
    return (signature,), tuple(notes)


def _read_sequential(data: Mapping[str, Any], unknown: Tensor) -> tuple[tuple[Signature, ...], tuple[Note, ...]]:
    config = data["config"] if isinstance(data["config"], dict) else {"layers": data["config"]}
    layers = [parse_layer(layer) for layer in config["layers"]]
    found = _sequential_input(config, layers)
    if found is None:
        message = f"a Sequential that was saved before it was built says nothing of its input. {_LOAD}"
        return (), (Note(place="model", message=message, by_loading=True),)
    name, fed = found
    inference = Inference(unknown)
    inference.refute(layers)
    outputs: Outputs = inference.chain(config["layers"], (fed,), is_own=True) or (UNKNOWN,)
    last = layers[-1]
    notes = [_unknown(last.name, last, inference, inference.lost)] if not all(map(_is_known, outputs)) else []
    if fed.shape and fed.shape[0] is not None:
        message = (
            f"batch size {fed.shape[0]} is the one that the model was built with; a call may have been what built it"
        )
        notes.insert(0, Note(place=name, message=message))
    names = [last.name] if len(outputs) == 1 else [f"{last.name}_{index}" for index in range(len(outputs))]
    signature = Signature(
        key=DEFAULT_KEY,
        inputs=(Endpoint(name=name, spec=spec_of(fed)),),
        outputs=tuple(Endpoint(name=given, spec=spec_of(tensor)) for given, tensor in zip(names, outputs, strict=True)),
    )
    return (signature,), tuple(notes)


def _sequential_input(config: Mapping[str, Any], layers: list[Layer]) -> tuple[str, Tensor] | None:
    """The input's name and tensor: an InputLayer's, the first layer's in Keras 2, or as the model was built."""
    if not layers:
        return None
    first = layers[0]
    if is_input(first):
        return first.name, input_tensor(first)
    if "batch_input_shape" in first.config:
        # Keras 2 makes an InputLayer of this name (Sequential.add).
        return f"{first.name}_input", input_tensor(first)
    if is_functional(first.config):
        graph = Graph.parse(first.config)
        if len(graph.input_refs) == 1:
            ref = graph.input_refs[0]
            return ref.layer, graph.tensor(ref)
    built = as_shape(config.get("build_input_shape"))
    return None if built is None else (f"{first.name}_input", Tensor(None, built))


def spec_of(tensor: Tensor) -> TensorSpec:
    """The spec of a tensor; of a tensor of unknown kind nothing is known."""
    spend(STEPS_OF_ENDPOINT)
    if tensor.kind is None:
        return TensorSpec(dtype=None, shape=None)
    if tensor.kind == "ragged":
        if tensor.shape is None:
            return TensorSpec(dtype=None, shape=None)
        # Keras makes every axis behind the batch a ragged one (tf.RaggedTensorSpec's default).
        return TensorSpec(
            kind="ragged",
            dtype=tensor.dtype,
            shape=tensor.shape,
            ragged_rank=max(0, len(tensor.shape) - 1),
            row_splits_dtype="int64",
        )
    return TensorSpec(kind=tensor.kind, dtype=tensor.dtype, shape=tensor.shape)


def _is_optional(graph: Graph, name: str) -> bool:
    layer = graph.layers.get(name)
    return layer is not None and bool(layer.config.get("optional"))


def _is_known(tensor: Tensor) -> bool:
    return tensor.kind is not None and tensor.dtype is not None and tensor.shape is not None


def _unknown(name: str, layer: Layer | None, inference: Inference, behind: Iterable[str]) -> Note:
    """Why an output is not known: the layer that is to blame is the one at which what was known ended."""
    if layer is None:
        return Note(place=name, message="the file names it as an output and has no such layer")
    lost = inference.lost
    blamed = next((lost[one] for one in behind if one in lost), next(iter(lost.values()), layer))
    by = "given by" if blamed.name == layer.name else f"behind {blamed.name!r},"
    layer = blamed
    reason = (
        "the file's own tensors contradict the rule of that class"
        if layer.kind in inference.refuted
        else "the file does not record it and it does not follow from the config"
    )
    return Note(
        place=name, message=f"not fully known: {by} a layer of class {layer.class_name!r}; {reason}. {_load(layer)}"
    )


def _load(layer: Layer) -> str:
    if layer.module is None or layer.kind is not None:
        return _LOAD
    return _LOAD_CLASS.format(module=layer.module)


def _load_class(data: Mapping[str, Any]) -> str:
    """How to read a model of a class; of one that is registered, or of a script, the file does not say the module."""
    module = data.get("module")
    if not isinstance(module, str) or module in {"", "__main__", "builtins"}:
        return _LOAD_CLASS.format(module="MODULE")
    return _LOAD if _is_of_keras(module) else _LOAD_CLASS.format(module=module)


def _is_of_keras(module: str) -> bool:
    return module.partition(".")[0] in {"keras", "tf_keras"}


def _is_before_ragged(version: str | None) -> bool:
    """Whether a file is of a Keras without ragged tensors: one of before TensorFlow's own (2.2.4-tf) replaced it."""
    if version is None or version.endswith("-tf"):
        return False
    numbers = version.split(".")
    return numbers[0] in {"1", "2"} and len(numbers) > 1 and (numbers[0] == "1" or numbers[1] in {"0", "1", "2"})


def _custom(data: Mapping[str, Any]) -> Iterable[Note]:
    if data["class_name"] not in {"Functional", "Model"}:
        message = f"read as the graph in its config; class {data['class_name']!r} may compute otherwise in its own code"
        yield Note(place="model", message=message)


def _written(build: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {str(value)[:60]}" for name, value in sorted(build.items()))
