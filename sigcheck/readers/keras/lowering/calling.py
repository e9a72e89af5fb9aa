"""Calling: the calls of layers from the inputs of a model to its outputs, nested models in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.graph.view import MAX_NODES, Tensor
from sigcheck.graph.view import Node as GraphNode
from sigcheck.readers.graph_def.heads import TooLargeError
from sigcheck.readers.keras.config.graph import Graph, Key, is_input, key_of
from sigcheck.readers.keras.config.inference import MAX_NESTING, Inference
from sigcheck.readers.keras.config.layer import Layer, Node, find_refs, is_functional, map_refs, parse_layer
from sigcheck.readers.keras.config.tensor import UNKNOWN, as_dtype, as_shape
from sigcheck.readers.keras.config.tensor import Tensor as Spec
from sigcheck.readers.keras.lowering import activations, operations, preprocessing, weighted
from sigcheck.readers.keras.lowering.building import Builder, Flow
from sigcheck.readers.keras.lowering.layer_call import LayerCall, Lowering
from sigcheck.readers.keras.lowering.nested_input import as_declared, as_input
from sigcheck.readers.keras.lowering.recorded import held_to_records
from sigcheck.readers.keras.lowering.stand_in import stand_in
from sigcheck.schema.budget import spend

_LOWERINGS: Mapping[str, Lowering] = {
    **weighted.LOWERINGS,
    **activations.LOWERINGS,
    **preprocessing.LOWERINGS,
    **operations.LOWERINGS,
}
# A subclass computes in its own code, whatever graph its config holds.
_MODELS = frozenset({"Functional", "Model", "Sequential"})

_WRAPPERS = frozenset({"SpectralNormalization", "TimeDistributed"})
_SEQUENCE_RANK = 3
# Layers to which training is nothing, though Keras writes `training=True` for them.
_STEADY = frozenset({"CenterCrop", "Resizing"})
# What a lowering raises on a config that is not of the form that Keras writes, or of which nothing is known.
_UNLOWERED = (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError)

_STEPS_OF_CALL = 20

Flows = tuple[Flow, ...]


class Caller:
    """Adds to a builder what each call of a layer computes."""

    def __init__(self, builder: Builder) -> None:
        """One model; the nodes go to the builder."""
        self.builder = builder
        self.inference = Inference()
        self._calls_left = MAX_NODES
        self._nesting = 0

    def resolve(self, graph: Graph, feeds: Mapping[str, Flow], *, is_own: bool) -> Flows:
        """The outputs of a functional model whose inputs are fed, by layer.

        `is_own`: they are as the model's own inputs are, so that what the file records of its tensors holds.
        """
        known: dict[Key, Flow] = {(name, 0, 0): flow for name, flow in feeds.items()}
        keys = [key_of(ref) for ref in graph.output_refs]
        for key, found in graph.missing(reversed(keys), known):
            if found is None:
                known[key] = Flow(None)
                continue
            layer, node = found
            records = graph.recorded_outputs.get(key[:2], {}) if is_own else {}
            outputs = self._call_node(layer, node, known, records)
            for index, flow in enumerate(outputs):
                known.setdefault((key[0], key[1], index), flow)
            if key not in known:
                # An output that no rule counts is one more of the same node.
                first = outputs[0].tensor if outputs else None
                tensor = None if first is None or key[2] < 0 else Tensor(first.node, key[2])
                known[key] = Flow(tensor, records.get(key[2], UNKNOWN), is_masked=True)
        return tuple(known[key] for key in keys)

    def _call_node(
        self, layer: Layer, node: Node, known: Mapping[Key, Flow], records: Mapping[int, Spec] | None = None
    ) -> Flows:
        flows = {ref: known.get(key_of(ref)) or Flow(None) for ref in node.refs}
        arguments = {name: map_refs(value, flows.__getitem__) for name, value in node.arguments.items()}
        if node.arguments.get("mask") is not None:
            flows = {ref: Flow(flow.tensor, flow.spec, is_masked=True) for ref, flow in flows.items()}
        inputs = tuple(flows[ref] for ref in find_refs(node.first))
        if is_functional(layer.config) and isinstance(node.first, dict):
            first = map_refs(node.first, flows.__getitem__)
            inputs = self.inference.graph(layer.config).by_input_layers(first, Flow) or inputs
        others = tuple(flows[ref] for ref in node.refs)
        is_plain = _is_plain(node, layer.kind)
        if layer.kind in operations.BINARY:
            inputs, is_plain = tuple(flows[ref] for ref in node.refs), True
        return self.call(layer, inputs, arguments, is_plain=is_plain, read=others, records=records or {})

    def call(
        self,
        layer: Layer,
        inputs: Flows,
        arguments: Mapping[str | int, Any],
        *,
        is_plain: bool = True,
        read: Flows = (),
        records: Mapping[int, Spec] | None = None,
    ) -> Flows:
        """What a layer or nested model gives.

        `is_plain`: it is called on its inputs alone, neither in training nor with a setting that may matter;
        else nothing is known of what it gives. `read` are all tensors that it reads, where that is more than
        its inputs. Raises TooLargeError past MAX_NODES calls, ValueError past MAX_NESTING models within models.
        """
        self._calls_left -= 1
        spend(_STEPS_OF_CALL + 2 * len(inputs))
        if self._calls_left < 0:
            raise TooLargeError(f"more than {MAX_NODES} calls of layers")
        is_model = is_functional(layer.config) or "layers" in layer.config
        if is_model and is_plain and layer.kind in _MODELS:
            self._nesting += 1
            if self._nesting > MAX_NESTING:
                raise ValueError(f"its models are nested more than {MAX_NESTING} deep")
            found = self._call_model(layer, inputs)
            self._nesting -= 1
            if found is not None:
                return found
        found_specs = () if is_model else self._specs(layer, inputs, arguments)
        specs, is_refuted = held_to_records(found_specs, records or {})
        count = len(self.builder.nodes)
        sized = stand_in(layer, inputs, arguments, read, specs, is_known=not is_refuted and not is_model)
        if layer.kind in _WRAPPERS and len(inputs) == 1 and is_plain and not is_refuted:
            wrapped = self._wrapped(layer, inputs[0], specs[0] if len(specs) == 1 else UNKNOWN)
            if wrapped is not None:
                return (wrapped,)
        if not is_model and is_plain and len(specs) == 1:
            lowered = self._lowered(layer, inputs, arguments, specs[0])
            if lowered is not None:
                is_masked = any(flow.is_masked for flow in inputs) or _is_masking(layer)
                return (Flow(self.builder.sized(lowered, sized, count), specs[0], is_masked=is_masked),)
        node = self.builder.sized(self.builder.opaque(layer.class_name[:80], read or inputs), sized, count)
        return tuple(
            Flow(Tensor(node.node, index), spec, is_masked=True) for index, spec in enumerate(specs or (UNKNOWN,))
        )

    def _specs(self, layer: Layer, inputs: Flows, arguments: Mapping[str | int, Any]) -> tuple[Spec, ...]:
        specs = tuple(flow.spec for flow in inputs)
        told = {name: _map_flows(value) for name, value in arguments.items()}
        return self.inference.call(layer, specs, told) or ()

    def _lowered(self, layer: Layer, inputs: Flows, arguments: Mapping[str | int, Any], spec: Spec) -> Tensor | None:
        lower = _LOWERINGS.get(layer.kind or "")
        if lower is None or spec.dtype is None or spec.kind != "dense" or not inputs:
            return None
        if any(flow.tensor is None or flow.spec.kind != "dense" for flow in inputs):
            return None
        count = len(self.builder.nodes)
        call = LayerCall(self.builder, layer.kind or "", layer.config, inputs, arguments, spec, self._call_wrapped)
        try:
            return lower(call)
        except TooLargeError:
            raise
        except _UNLOWERED:
            # What it added so far would read the inputs in vain.
            del self.builder.nodes[count:]
            return None

    def _wrapped(self, layer: Layer, flow: Flow, spec: Spec) -> Flow | None:
        """What a wrapper gives that calls the layer inside it: on each step of axis 1, or as it is called itself."""
        inside = layer.config.get("layer")
        if flow.tensor is None or not isinstance(inside, dict):
            return None
        is_stepping = layer.kind == "TimeDistributed"
        shape, count = flow.spec.shape, len(self.builder.nodes)
        fed = flow
        if is_stepping:
            if shape is None or len(shape) < _SEQUENCE_RANK:
                return None
            # The layer sees the steps as rows of the batch; which of them it is makes no difference.
            rows = self.builder.sized(self.builder.add("Reshape", flow.tensor), GraphNode("Keras>step", (flow.tensor,)))
            fed = Flow(rows, flow.spec.with_shape((shape[0], *shape[2:])), is_masked=flow.is_masked)
        found = self._call_wrapped(inside, fed)
        if found.tensor is None:
            return None
        is_same = spec.dtype is not None and found.spec.dtype == spec.dtype and is_stepping
        tensor = found.tensor if is_same else self.builder.opaque(layer.class_name[:80], (found,))
        op = "Keras>steps" if is_stepping else "Keras>SpectralNormalization"
        sized = self.builder.sized(tensor, GraphNode(op, (found.tensor, flow.tensor), layer.name), count)
        return Flow(sized, spec, is_masked=found.is_masked)

    def _call_wrapped(self, data: Any, flow: Flow) -> Flow:
        layer = parse_layer({"name": "wrapped", **data})
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise ValueError(f"its layers are nested more than {MAX_NESTING} deep")
        outputs = self.call(layer, (flow,), {0: flow})
        self._nesting -= 1
        return outputs[0] if len(outputs) == 1 else Flow(None)

    def _call_model(self, layer: Layer, inputs: Flows) -> Flows | None:
        if not is_functional(layer.config):
            return self.chain(layer.config["layers"], inputs)
        graph = self.inference.graph(layer.config)
        if len(graph.input_refs) != len(inputs):
            return None
        feeds: dict[str, Flow] = {}
        is_own = True
        for ref, flow in zip(graph.input_refs, inputs, strict=True):
            declared = graph.declared.get(key_of(ref), UNKNOWN)
            if flow.spec.shape is None or declared.shape is None or len(flow.spec.shape) != len(declared.shape):
                # Keras squeezes or expands inputs of another rank (Functional._adjust_input_rank).
                return None
            is_own &= flow.spec.shape == declared.shape and flow.spec.kind == declared.kind
            feeds[ref.layer] = as_declared(
                self.builder, as_input(self.builder, flow, declared.dtype), declared, ref.layer
            )
        return self.resolve(graph, feeds, is_own=is_own)

    def chain(self, layers: Sequence[Any], inputs: Flows, *, is_own: bool = False) -> Flows:
        """What a Sequential's layers give; `is_own` as for `Inference.chain`."""
        flows = inputs
        for data in layers:
            layer = parse_layer(data)
            if is_input(layer):
                dtype = as_dtype(layer.config.get("dtype"))
                flows = (as_input(self.builder, flows[0], dtype or flows[0].spec.dtype),)
                continue
            flows = self._chain_one(layer, flows, is_own=is_own)
        return flows

    def _chain_one(self, layer: Layer, flows: Flows, *, is_own: bool) -> Flows:
        first, built = flows[0], as_shape(layer.build_shape)
        if is_own and built is not None:
            if first.spec.shape is None:
                flows = (Flow(first.tensor, first.spec.with_shape(built), is_masked=first.is_masked), *flows[1:])
            elif first.spec.shape[1:] != built[1:]:
                # The layer before gave another shape than its rule says.
                node = self.builder.opaque(layer.class_name[:80], flows)
                return (Flow(node, is_masked=True),)
        return self.call(layer, flows, {0: flows[0] if len(flows) == 1 else list(flows)}, is_plain=True)


def _is_plain(node: Node, kind: str | None) -> bool:
    """Whether a call has no argument beside its inputs and masks: `training=True` drops at inference, too."""
    return all(
        value is node.first
        or value is None
        or value is False
        or name == "mask"
        or (name == "training" and kind in _STEADY)
        for name, value in node.arguments.items()
    )


def _is_masking(layer: Layer) -> bool:
    return bool(layer.config.get("mask_zero"))


def _map_flows(structure: Any) -> Any:
    """The structure with each tensor replaced by its spec."""
    if isinstance(structure, Flow):
        return structure.spec
    if isinstance(structure, list):
        return [_map_flows(item) for item in structure]
    if isinstance(structure, dict):
        return {key: _map_flows(item) for key, item in structure.items()}
    return structure
