"""Layers and their calls, from the two forms in which Keras writes a graph.

Keras 3 writes each argument of a call, with the dtype and shape of each tensor in it;
Keras 2 writes `[layer, node, tensor, arguments]` and no dtype or shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sigcheck.readers.keras.config.tensor import Tensor, as_dtype, as_shape
from sigcheck.schema.budget import spend

# What Keras takes a class from by itself; `keras_hub` is a package of its own.
_BUILT_IN_MODULES = ("keras.", "tensorflow.keras.", "tf_keras.")
# An activation called on a tensor of a graph is an operation, too: it casts nothing.
_OP_MODULES = ("keras.ops", "keras.src.ops", "keras.src.activations")

_STEPS_OF_LAYER = 5

# InputLayer has none; a nested model with this key is called on its own inputs first.
_MODEL_FIELDS = ("input_layers", "output_layers", "layers")


class Ref(NamedTuple):
    """One tensor of a graph: output number `output` of call `node` of a layer, and what the file records of it."""

    layer: str
    node: int
    output: int
    record: Tensor | None = None


class Node(NamedTuple):
    """One call of a layer: its first argument, and all arguments by position or name; tensors are Refs."""

    first: Any
    arguments: dict[str | int, Any]
    refs: tuple[Ref, ...]


class Layer(NamedTuple):
    """A layer of a config. `kind` is its class name, None where the class is not Keras' own, which is in `module`."""

    name: str
    class_name: str
    kind: str | None
    config: dict[str, Any]
    build_shape: Any
    nodes: tuple[Node, ...]
    skipped_nodes: int
    module: str | None = None


def is_functional(config: object) -> bool:
    """Whether a config is that of a graph of layers."""
    return isinstance(config, dict) and all(field in config for field in _MODEL_FIELDS)


def is_sequential(layer: Mapping[str, Any]) -> bool:
    """Whether a serialized model is Sequential. Keras before 2.1 stores a bare list of layers."""
    config = layer.get("config")
    return layer.get("class_name") == "Sequential" and (
        isinstance(config, list) or (isinstance(config, dict) and isinstance(config.get("layers"), list))
    )


def parse_layer(data: Mapping[str, Any]) -> Layer:
    """The layer that a serialized one stands for. Raises KeyError, TypeError or ValueError where it is none."""
    spend(_STEPS_OF_LAYER)
    config = data["config"]
    class_name = data["class_name"]
    if isinstance(config, list):
        config = {"layers": config}
    if not (isinstance(config, dict) and isinstance(class_name, str)):
        raise TypeError("a layer's config is no object")
    name = data.get("name") or config.get("name")
    if not isinstance(name, str):
        raise TypeError(f"a layer of class {class_name!r} has no name")
    nodes = data.get("inbound_nodes") or []
    kind, module = _kind(data, class_name), data.get("module")
    is_keras_3 = all(isinstance(node, dict) for node in nodes)
    build = data.get("build_config")
    return Layer(
        name=name,
        class_name=class_name,
        kind=kind,
        config=config,
        build_shape=build.get("input_shape") if isinstance(build, dict) else None,
        nodes=tuple(_parse_node(node) for node in nodes),
        skipped_nodes=_skipped_nodes(data, config, is_keras_3=is_keras_3),
        module=module if kind is None and isinstance(module, str) else None,
    )


def parse_ref(value: object) -> Ref | None:
    """The tensor that `[layer, node, tensor]` or a serialized KerasTensor names; None for anything else."""
    if isinstance(value, list) and len(value) in {3, 4} and isinstance(value[0], str):
        layer, node, index = value[:3]
        if type(node) is int and type(index) is int:
            return Ref(layer, node, index)
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        config = value["config"]
        layer, node, index = config["keras_history"]
        record = Tensor(as_dtype(config.get("dtype")), as_shape(config.get("shape")))
        return Ref(str(layer), int(node), int(index), record)
    return None


def parse_structure(value: Any) -> Any:
    """The value with every tensor in it turned into a Ref."""
    ref = parse_ref(value)
    if ref is not None:
        return ref
    if isinstance(value, list):
        return [parse_structure(item) for item in value]
    if isinstance(value, dict):
        return {str(key): parse_structure(item) for key, item in value.items()}
    return value


def map_refs(structure: Any, found: Callable[[Ref], Any]) -> Any:
    """The structure with each Ref replaced by what is found for it."""
    if isinstance(structure, Ref):
        return found(structure)
    if isinstance(structure, list):
        return [map_refs(item, found) for item in structure]
    if isinstance(structure, dict):
        return {key: map_refs(item, found) for key, item in structure.items()}
    return structure


def find_refs(structure: Any) -> Iterator[Ref]:
    """Yields the Refs of a structure, dicts by sorted key as `keras.tree` flattens them."""
    if isinstance(structure, Ref):
        yield structure
    elif isinstance(structure, list):
        for item in structure:
            yield from find_refs(item)
    elif isinstance(structure, dict):
        for key in sorted(structure):
            yield from find_refs(structure[key])


def _parse_node(node: Any) -> Node:
    if isinstance(node, dict) and isinstance(node.get("args"), list):
        arguments: dict[str | int, Any] = dict(enumerate(parse_structure(node["args"])))
        arguments |= parse_structure(node.get("kwargs") or {})
        first = arguments.get(0)
        if 0 not in arguments:
            first = next((value for value in arguments.values() if any(find_refs(value))), None)
    else:
        first, arguments = _parse_old_node(node)
    refs = tuple(find_refs(list(arguments.values())))
    spend(4 + 4 * len(refs))
    return Node(first, arguments, refs)


def _parse_old_node(node: Any) -> tuple[Any, dict[str | int, Any]]:
    """Keras 2: each tensor is `[layer, node, tensor, arguments]`; a list of one stands for the tensor alone."""
    first = parse_structure(node)
    if isinstance(first, list) and len(first) == 1:
        first = first[0]
    arguments: dict[str | int, Any] = {}
    for item in node if isinstance(node, list) else node.values():
        if isinstance(item, list) and len(item) > 3 and isinstance(item[3], dict):  # noqa: PLR2004  # the arguments are the fourth
            arguments |= parse_structure(item[3])
    return first, {0: first, **arguments}


def _kind(data: Mapping[str, Any], class_name: str) -> str | None:
    """The class name where the class is Keras' own; a class of the same name from elsewhere has other rules."""
    registered = data.get("registered_name")
    if isinstance(registered, str) and registered not in {class_name, f"keras>{class_name}"}:
        return None
    module = data.get("module")
    if module is None:
        # Keras 2 names no module; Keras 3 does, but for a class that it cannot find again.
        return class_name if "module" not in data else None
    if isinstance(module, str) and module.startswith(_OP_MODULES):
        return f"ops.{class_name}"
    return class_name if isinstance(module, str) and f"{module}.".startswith(_BUILT_IN_MODULES) else None


def _skipped_nodes(data: Mapping[str, Any], config: Mapping[str, Any], *, is_keras_3: bool) -> int:
    """How many calls of a nested model are numbered but not written: the one on its own inputs.

    Keras 3 does so for functional models (`Functional.get_config`), Keras 2 also for a
    Sequential that knows its input (`_should_skip_first_node`).
    """
    if is_functional(config):
        return 1
    if is_keras_3 or not is_sequential(data):
        return 0
    layers = config.get("layers")
    return int(isinstance(layers, list) and bool(layers) and layers[0].get("class_name") == "InputLayer")
