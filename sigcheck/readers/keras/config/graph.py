"""The graph of a functional model: its layers, its ends, and what the file records of its tensors."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sigcheck.readers.keras.config.layer import Layer, Node, Ref, find_refs, map_refs, parse_layer
from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.structure import parse_ends
from sigcheck.readers.keras.config.tensor import UNKNOWN, Tensor, as_dtype, as_shape
from sigcheck.schema.tensor_spec import SpecKind

# A tensor within its graph: layer, call, output.
Key: TypeAlias = tuple[str, int, int]
# What a model is fed: a spec, or what computes it.
Fed = TypeVar("Fed")


def key_of(ref: Ref) -> Key:
    """The tensor that is referred to, without what the file records of it."""
    return (ref.layer, ref.node, ref.output)


@dataclass(frozen=True)
class Graph:
    """A parsed functional config.

    `declared` are the tensors of its input layers; `records` what the file says of
    tensors that some layer consumes.
    """

    layers: Mapping[str, Layer]
    inputs: Any
    outputs: Any
    input_refs: tuple[Ref, ...]
    output_refs: tuple[Ref, ...]
    declared: Mapping[Key, Tensor]
    records: Mapping[Key, Tensor]
    recorded_outputs: Mapping[tuple[str, int], Mapping[int, Tensor]]

    @classmethod
    def parse(cls, config: Mapping[str, Any]) -> Graph:
        """The graph of a functional config. Raises KeyError, TypeError or ValueError where it is none."""
        layers: dict[str, Layer] = {}
        for data in config["layers"]:
            layer = parse_layer(data)
            if layer.name in layers:
                raise ValueError(f"two layers are named {layer.name!r}")
            layers[layer.name] = layer
        skipped = {name: layer.skipped_nodes for name, layer in layers.items() if layer.skipped_nodes}
        if skipped:
            layers = {name: _renumbered(layer, skipped) for name, layer in layers.items()}
        inputs, outputs = parse_ends(config["input_layers"]), parse_ends(config["output_layers"])
        declared = {(layer.name, 0, 0): input_tensor(layer) for layer in layers.values() if is_input(layer)}
        # Records say nothing of sparse and ragged: where the graph may hold such tensors, their kind is unknown.
        kind: SpecKind | None = None if any(_may_be_composite(layer) for layer in layers.values()) else "dense"
        records = {
            (ref.layer, ref.node, ref.output): ref.record._replace(kind=kind)
            for layer in layers.values()
            for node in layer.nodes
            for ref in node.refs
            if ref.record is not None
        }
        recorded_outputs: dict[tuple[str, int], dict[int, Tensor]] = {}
        for (name, node, index), record in records.items():
            recorded_outputs.setdefault((name, node), {})[index] = record
        return cls(
            layers=layers,
            inputs=inputs,
            outputs=outputs,
            input_refs=tuple(find_refs(inputs)),
            output_refs=tuple(find_refs(outputs)),
            declared=declared,
            records=records | declared,
            recorded_outputs=recorded_outputs,
        )

    def node(self, key: Key) -> tuple[Layer, Node] | None:
        """The layer and call that give a tensor, or None where the graph has none such."""
        layer = self.layers.get(key[0])
        if layer is None:
            return None
        number = key[1] - layer.skipped_nodes
        return (layer, layer.nodes[number]) if 0 <= number < len(layer.nodes) else None

    def missing(
        self, keys: Iterable[Key], known: Container[Key], stops: Container[Key] = ()
    ) -> Iterator[tuple[Key, tuple[Layer, Node] | None]]:
        """Yields what has to be made known for these tensors, what it reads first, with the layer and call of each.

        Whoever asks makes it known before the next one. None where the graph has no such call, and of `stops`, whose
        calls are not looked at. A tensor that depends on itself comes while what it reads is not known.
        """
        stack = list(keys)
        entered: set[Key] = set()
        while stack:
            key = stack[-1]
            if key in known:
                stack.pop()
                continue
            found = None if key in stops else self.node(key)
            before = [] if found is None else [one for ref in found[1].refs if (one := key_of(ref)) not in known]
            if before and key not in entered:
                entered.add(key)
                stack += before
                continue
            yield key, found

    def behind(self, key: Key) -> Iterator[str]:
        """Yields the layers that a tensor comes from, the nearest first, each once."""
        waiting, seen = deque([key]), {key}
        names: set[str] = set()
        while waiting:
            at = waiting.popleft()
            if at[0] not in names:
                names.add(at[0])
                yield at[0]
            found = self.node(at)
            for ref in () if found is None else found[1].refs:
                if (before := key_of(ref)) not in seen:
                    seen.add(before)
                    waiting.append(before)

    def by_input_layers(self, fed: Mapping[str, Any], kind: type[Fed]) -> tuple[Fed, ...] | None:
        """What a dict feeds to a model whose inputs are a list: it goes by the names of its input layers.

        None where the inputs are a dict themselves, or one is not fed.
        """
        if isinstance(self.inputs, dict):
            return None
        found = tuple(one for ref in self.input_refs if isinstance(one := fed.get(ref.layer), kind))
        return found if len(found) == len(self.input_refs) else None

    def tensor(self, ref: Ref) -> Tensor:
        """What the file records of a tensor."""
        return self.records.get((ref.layer, ref.node, ref.output), UNKNOWN)


def _renumbered(layer: Layer, skipped: Mapping[str, int]) -> Layer:
    """The layer, the calls of nested models that it reads counted as everywhere else.

    Keras 3 leaves out the calls that it does not write where it serializes a tensor (`serialize_node`), and
    counts them in `output_layers` (`node_reindexing_map`).
    """

    def moved(ref: Ref) -> Ref:
        return ref if ref.record is None else ref._replace(node=ref.node + skipped.get(ref.layer, 0))

    nodes = []
    for node in layer.nodes:
        arguments = {name: map_refs(value, moved) for name, value in node.arguments.items()}
        name = next((name for name, value in node.arguments.items() if value is node.first), None)
        first = map_refs(node.first, moved) if name is None else arguments[name]
        nodes.append(Node(first, arguments, tuple(moved(ref) for ref in node.refs)))
    return layer._replace(nodes=tuple(nodes))


def is_input(layer: Layer) -> bool:
    """Whether a layer only stands for an input."""
    return layer.class_name == "InputLayer"


def input_tensor(layer: Layer) -> Tensor:
    """The tensor that an input layer, or in Keras 2 the first layer of a Sequential, takes."""
    config = layer.config
    shape = as_shape(config.get("batch_shape", config.get("batch_input_shape")))
    dtype = as_dtype(config.get("dtype")) or (compute_dtype(config) if "batch_shape" not in config else None)
    kind: SpecKind = "sparse" if config.get("sparse") else "ragged" if config.get("ragged") else "dense"
    return Tensor(dtype, shape, kind)


def _may_be_composite(layer: Layer) -> bool:
    return bool(layer.config.get("sparse") or layer.config.get("ragged"))
