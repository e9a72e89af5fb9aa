"""Graph of a TensorFlow.js graph model: the nodes of its `model.json`, whose constants are in files of weights.

TensorFlow.js computes in float32 and int32 whatever the graph says, so these are the dtypes here. A
layers model is a Keras config, and is lowered as one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sigcheck.encodings.json_bytes import parse_bytes
from sigcheck.encodings.source import Source
from sigcheck.graph.view import MAX_NODES, OTHER_OPERAND, Attributes, Graph, Graphs, Node, Tensor
from sigcheck.readers.graph_def.heads import TooLargeError
from sigcheck.readers.tfjs.attribute import read_attributes, texts
from sigcheck.readers.tfjs.dtype import written_dtype
from sigcheck.readers.tfjs.recognize import FILE_NAME, MAX_BYTES
from sigcheck.readers.tfjs.weights import Weights
from sigcheck.schema.budget import spend
from sigcheck.schema.signature import Endpoint, Signature

# What is one node in these files is several: a product, and what follows it.
_FUSED = {
    "_FusedConv2D": "Conv2D",
    "FusedConv2D": "Conv2D",
    "_FusedMatMul": "MatMul",
    "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative",
}
_BEHIND = frozenset({"Relu", "Relu6", "Elu", "LeakyRelu", "Sigmoid", "Tanh"})
_STEPS_OF_NODE = 10
_PRODUCT_OPERANDS = 2
_MOST_DIGITS = 10
# The types of numbers that TensorFlow.js has.
_OWN = frozenset({"float32", "int32", "bool"})
# Its kernels run on graphics cards and as vector instructions, which may drop a NaN where a number is compared.
_OF_NAN: Mapping[str, Any] = {
    "ArgMax": (0.0, 2.0**31 - 1),
    "ArgMin": (0.0, 2.0**31 - 1),
    "AvgPool": (-math.inf, math.inf),
    "ClipByValue": OTHER_OPERAND,
    "Exp": (0.0, math.inf),
    "MaxPool": (-math.inf, math.inf),
    "Maximum": OTHER_OPERAND,
    "Minimum": OTHER_OPERAND,
    "Relu": (0.0, math.inf),
    "Relu6": (0.0, 6.0),
}


@contextmanager
def open_graphs(source: Source) -> Iterator[Graphs]:
    """The graph of the one signature; its attributes and small constants can be read while it is open.

    Raises ValueError and the like where the file is broken or too large.
    """
    file = source.child(FILE_NAME) if source.is_directory else source
    if file is None:
        raise ValueError("no model.json")
    with file.content() as content:
        if len(content) > MAX_BYTES:
            raise TooLargeError(f"more than {MAX_BYTES >> 20} MiB of JSON")
        data = parse_bytes(bytes(content[:]))
    topology = data["modelTopology"]
    if "node" not in topology:
        from sigcheck.readers.keras.graph import lower_config

        yield Graphs(partial(lower_config, topology.get("model_config", topology)))
        return
    with Weights.open(file, data.get("weightsManifest") or ()) as weights:
        yield Graphs(Lowering(topology["node"], weights).lower)


class Lowering:
    """The nodes of a graph by name, fused ones taken apart."""

    def __init__(self, nodes: Sequence[Mapping[str, Any]], weights: Weights) -> None:
        """Raises TooLargeError where there are too many."""
        if len(nodes) > MAX_NODES // 2:
            raise TooLargeError(f"more than {MAX_NODES // 2} nodes")
        self._given = nodes
        self._weights = weights
        self._nodes: list[Node] = []
        # Every node has its place before its inputs are looked for: a node may read a later one.
        self._place = {str(node["name"]): at for at, node in enumerate(nodes)}
        self._last: dict[int, int] = {}

    def lower(self, signature: Signature) -> Graph:
        """The graph, with the tensors of the signature's endpoints. Raises KeyError and the like where it is broken."""
        fused = [at for at, node in enumerate(self._given) if node["op"] in _FUSED]
        self._last = {at: len(self._given) + number for number, at in enumerate(fused)}
        self._nodes = [self._node(node) for node in self._given]
        self._nodes += [self._behind(self._given[at], at) for at in fused]
        ends = (
            {one.name: self._tensor(_tensor_name(one)) for one in side}
            for side in (signature.inputs, signature.outputs)
        )
        inputs, outputs = ({name: end for name, end in side.items() if end is not None} for side in ends)
        return Graph(tuple(self._nodes), inputs, outputs)

    def _node(self, node: Mapping[str, Any]) -> Node:
        op, name = str(node["op"]), str(node["name"])
        spend(_STEPS_OF_NODE + len(node.get("input") or ()))
        inputs = [self._tensor(text) for text in node.get("input") or () if not text.startswith("^")]
        if op == "Const":
            return Node(op, (), name, partial(self._weights.constant, name))
        if op in _FUSED:
            return Node(_FUSED[op], tuple(inputs[:_PRODUCT_OPERANDS]), name, partial(_read, node, op))
        return Node(op, tuple(inputs), name, partial(_read, node, op))

    def _behind(self, node: Mapping[str, Any], at: int) -> Node:
        """What stands behind a product: nothing or a bias, which bound nothing, or one activation."""
        follows = [text for text in texts((node.get("attr") or {}).get("fused_ops")) if text != "BiasAdd"]
        op = follows[0] if len(follows) == 1 and follows[0] in _BEHIND else "Identity" if not follows else "unknown"
        return Node(op, (Tensor(at),), str(node["name"]), partial(_read, node, op))

    def _tensor(self, text: str) -> Tensor | None:
        name, _, number = text.partition(":")
        at = self._place.get(name)
        if at is None:
            return None
        written = number.rpartition(":")[2]
        # Python reads numbers of thousands of digits slowly, or not at all; no node has an output of such a number.
        output = int(written[:_MOST_DIGITS]) if written.isdecimal() else 0
        return Tensor(self._last.get(at, at), output)


def _read(node: Mapping[str, Any], op: str) -> Attributes:
    found = dict(read_attributes(node.get("attr") or {}))
    if op.startswith("Placeholder") and written_dtype((node["attr"]["dtype"] or {}).get("type")) not in _OWN:
        # What is fed for a narrow type need not keep to its limits.
        del found["dtype"]
    if op == "LeakyRelu" and "leakyrelu_alpha" in found:
        found["alpha"] = found["leakyrelu_alpha"]
    if op in _OF_NAN:
        found["nan_becomes"] = _OF_NAN[op]
    return found


def _tensor_name(endpoint: Endpoint) -> str:
    return endpoint.parts[0] if len(endpoint.parts) == 1 else endpoint.name
