"""Inference: the tensors of a graph of layers, from the file's records first, then by rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sigcheck.readers.keras.config.graph import Graph, Key, is_input, key_of
from sigcheck.readers.keras.config.layer import Layer, Node, Ref, is_functional, map_refs, parse_layer
from sigcheck.readers.keras.config.rules import RULES
from sigcheck.readers.keras.config.tensor import UNKNOWN, Call, Outputs, Tensor, as_dtype, as_shape, flatten, is_size
from sigcheck.schema.budget import spend

# Nested models called twice each double the work with every level of nesting: a small file
# could ask for more calls than can ever be made. The largest published configs make some 3,000.
MAX_CALLS = 200_000
MAX_NESTING = 60
_STEPS_OF_CALL = 8

# What a rule raises on a config that is not of the form that Keras writes.
_RULE_ERRORS = (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError)


class Inference:
    """One reading of one file: which rules the file refutes, and how many calls are left.

    `lost` are the layers, by name, at which what was known ended: their inputs are known, and what they give is not.
    """

    def __init__(self, unknown: Tensor = UNKNOWN) -> None:
        """`unknown` is a tensor of which nothing else is known than what all tensors of the file are."""
        self.refuted: set[str] = set()
        self.lost: dict[str, Layer] = {}
        self._unknown = unknown
        self._calls_left = MAX_CALLS
        self._nesting = 0
        self._graphs: dict[int, tuple[Any, Graph]] = {}
        self._results: dict[tuple[int, Outputs], Outputs | None] = {}

    def graph(self, config: Mapping[str, Any]) -> Graph:
        """The graph of a functional config, parsed once."""
        found = self._graphs.get(id(config))
        if found is None:
            # The config is kept with its graph, so that its id is not given to another one.
            found = self._graphs[id(config)] = (config, Graph.parse(config))
        return found[1]

    def resolve(
        self, graph: Graph, refs: Iterable[Ref], feeds: Mapping[str, Tensor] | None = None
    ) -> dict[Key, Tensor]:
        """The tensors that the refs name, by key.

        `feeds` are the tensors given to the graph's inputs, by layer; without them the
        graph stands on its own inputs, and what the file records of its tensors holds.
        """
        known = dict(graph.declared if feeds is None else _by_key(feeds))
        wanted = [key_of(ref) for ref in refs]
        records = graph.records if feeds is None else {}
        for key, found in graph.missing(wanted, known, stops=records):
            if found is None:
                known[key] = records.get(key, self._unknown)
            else:
                self._apply(*found, known, key)
        return {key: known[key] for key in wanted}

    def _apply(self, layer: Layer, node: Node, known: dict[Key, Tensor], key: Key) -> None:
        outputs = self.call_node(layer, node, {ref: known.get(key_of(ref), self._unknown) for ref in node.refs}) or ()
        for index, tensor in enumerate(outputs):
            known.setdefault((key[0], key[1], index), tensor)
        known.setdefault(key, self._unknown)

    def call_node(self, layer: Layer, node: Node, tensors: Mapping[Ref, Tensor]) -> Outputs | None:
        """What one call in a graph gives, flattened; None where no rule says it."""
        first = map_refs(node.first, tensors.__getitem__)
        inputs = tuple(leaf for leaf in flatten(first) if isinstance(leaf, Tensor))
        if is_functional(layer.config) and isinstance(first, dict):
            inputs = self.graph(layer.config).by_input_layers(first, Tensor) or inputs
        arguments = {name: map_refs(value, tensors.__getitem__) for name, value in node.arguments.items()}
        return self.call(layer, inputs, arguments)

    def call(self, layer: Layer, inputs: Outputs, arguments: Mapping[str | int, Any]) -> Outputs | None:
        """What a layer or nested model gives for these inputs, flattened; None where no rule says it.

        Raises ValueError past MAX_CALLS calls or MAX_NESTING models within models.
        """
        self._calls_left -= 1
        spend(_STEPS_OF_CALL + sum(len(tensor.shape) for tensor in inputs if tensor.shape) // 4)
        if self._calls_left < 0:
            raise ValueError(f"its nested models make more than {MAX_CALLS} calls of layers")
        if is_functional(layer.config) or "layers" in layer.config:
            return self._call_nested(layer, inputs)
        outputs = self._by_rule(layer, inputs, arguments)
        if outputs is None and all(tensor.shape is not None for tensor in inputs):
            self.lost.setdefault(layer.name, layer)
        return outputs

    def _by_rule(self, layer: Layer, inputs: Outputs, arguments: Mapping[str | int, Any]) -> Outputs | None:
        rule = None if layer.kind is None or layer.kind in self.refuted else RULES.get(layer.kind)
        if rule is None:
            return None
        try:
            outputs = rule(Call(layer.config, inputs, arguments, self._call_wrapped))
        except _RULE_ERRORS:
            return None
        return None if outputs is None else tuple(_checked(tensor) for tensor in outputs)

    def _call_wrapped(self, data: Any, inputs: Outputs) -> Outputs | None:
        """What the layer inside a wrapper, such as TimeDistributed, gives."""
        with self._nested():
            return self.call(parse_layer(data), inputs, {})

    def _call_nested(self, layer: Layer, inputs: Outputs) -> Outputs | None:
        key = (id(layer.config), inputs)
        if key not in self._results:
            with self._nested():
                self._results[key] = (
                    self._call_functional(layer, inputs)
                    if is_functional(layer.config)
                    else self.chain(layer.config["layers"], inputs)
                )
        return self._results[key]

    def _call_functional(self, layer: Layer, inputs: Outputs) -> Outputs | None:
        graph = self.graph(layer.config)
        refs = graph.input_refs
        if len(refs) != len(inputs):
            return None
        feeds: dict[str, Tensor] = {}
        is_own = True
        for ref, fed in zip(refs, inputs, strict=True):
            declared = graph.declared.get(key_of(ref), UNKNOWN)
            if fed.shape is None or declared.shape is None or len(fed.shape) != len(declared.shape):
                # Keras squeezes or expands inputs of another rank (Functional._adjust_input_rank).
                return None
            is_own &= fed.shape == declared.shape and fed.kind == declared.kind
            # A nested model casts what it is fed to the dtype of its own input.
            feeds[ref.layer] = fed.with_dtype(declared.dtype)
        found = self.resolve(graph, graph.output_refs, None if is_own else feeds)
        return tuple(found[key_of(ref)] for ref in graph.output_refs)

    def chain(self, layers: Sequence[Any], inputs: Outputs, *, is_own: bool = False) -> Outputs | None:
        """What a Sequential's layers give, one after the other.

        `is_own`: the inputs are the model's own ones, so that the shapes that its layers
        were built with hold for them too.
        """
        tensors: Outputs | None = inputs
        for data in layers:
            layer = parse_layer(data)
            if is_input(layer):
                if tensors and tensors[0].shape is not None:
                    dtype = as_dtype(layer.config.get("dtype"))
                    tensors = (tensors[0].with_dtype(dtype or tensors[0].dtype),)
                continue
            tensors = self._chain_one(layer, tensors or (self._unknown,), is_own=is_own)
        return tensors

    def _chain_one(self, layer: Layer, tensors: Outputs, *, is_own: bool) -> Outputs | None:
        first, built = tensors[0], as_shape(layer.build_shape)
        if is_own and built is not None:
            if first.shape is None:
                tensors = (Tensor(first.dtype, built, first.kind), *tensors[1:])
            elif first.shape[1:] != built[1:]:
                # The layer before gave another shape than its rule says.
                return None
        return self.call(layer, tensors, {0: tensors[0] if len(tensors) == 1 else list(tensors)})

    @contextmanager
    def _nested(self) -> Iterator[None]:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise ValueError(f"its models are nested more than {MAX_NESTING} deep")
        yield
        self._nesting -= 1

    def refute(self, layers: Iterable[Layer]) -> None:
        """Finds the rules that the file's own records refute, nested models included.

        Such a class behaves otherwise in the Keras that wrote the file; its rule is not
        used for any layer of the file.
        """
        for layer in layers:
            if not is_functional(layer.config):
                continue
            with self._nested():
                graph = self.graph(layer.config)
                for inner in graph.layers.values():
                    self._refute_layer(graph, inner)
                self.refute(graph.layers.values())

    def _refute_layer(self, graph: Graph, layer: Layer) -> None:
        if layer.kind is None or layer.kind not in RULES:
            return
        for number, node in enumerate(layer.nodes):
            records = graph.recorded_outputs.get((layer.name, number + layer.skipped_nodes))
            if records is None:
                continue
            outputs = self.call_node(layer, node, {ref: graph.tensor(ref) for ref in node.refs})
            if outputs is not None and any(
                index >= len(outputs) or _disagree(outputs[index], record) for index, record in records.items()
            ):
                self.refuted.add(layer.kind)


def _by_key(feeds: Mapping[str, Tensor]) -> dict[Key, Tensor]:
    return {(name, 0, 0): tensor for name, tensor in feeds.items()}


def _checked(tensor: Tensor) -> Tensor:
    """The tensor, its shape forgotten where a rule was led to one that cannot be."""
    shape = tensor.shape
    if shape is not None and not all(is_size(size) for size in shape):
        return tensor.with_shape(None)
    return tensor


def _disagree(found: Tensor, record: Tensor) -> bool:
    if found.dtype is not None and record.dtype is not None and found.dtype != record.dtype:
        return True
    if found.shape is None or record.shape is None:
        return False
    return len(found.shape) != len(record.shape) or any(
        size is not None and size != recorded for size, recorded in zip(found.shape, record.shape, strict=True)
    )
