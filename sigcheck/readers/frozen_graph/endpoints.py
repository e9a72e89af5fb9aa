"""The signature of a frozen graph.

A graph names neither its inputs nor its outputs. Its placeholders are what must be fed; its
outputs are those that `model.pb#output=NAME` asks for, else the nodes that no other node
reads. Output shapes are not in the file, unless it was written with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.frozen_graph.defaults import WITH_DEFAULT, needed_by_defaults
from sigcheck.readers.graph_def.nodes import GraphNodes, Node
from sigcheck.readers.graph_def.spec import read_dtype, read_shape
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.errors import UsageError
from sigcheck.schema.near_name import near_names
from sigcheck.schema.selection import parse_selector
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Endpoint, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

INPUT_OPS = frozenset({"Placeholder", "PlaceholderV2", WITH_DEFAULT})
# What nothing reads and what is no output all the same: constants, and ops that have only effects.
_NO_OUTPUT_OPS = INPUT_OPS | {
    "Assert",
    "Assign",
    "AssignVariableOp",
    "Const",
    "HashTableV2",
    "InitializeTableFromTextFileV2",
    "MergeV2Checkpoints",
    "NoOp",
    "RestoreV2",
    "SaveV2",
    "VarHandleOp",
    "VariableV2",
}
# Ops whose first output has the dtype of their attribute `T` (core/ops/*.cc), as far as graphs end with them.
_SAME_DTYPE = (
    "Add AddN AddV2 AvgPool BatchMatMul BatchMatMulV2 BatchToSpaceND BiasAdd Concat ConcatV2 Conv2D DepthToSpace "
    "DepthwiseConv2dNative Div Elu Exp ExpandDims Fill Identity LeakyRelu Log LogSoftmax MatMul Max MaxPool Maximum "
    "Mean Min Minimum Mul Neg Pack Pad PadV2 Pow Prod RealDiv Relu Relu6 Reshape ResizeNearestNeighbor Rsqrt Selu "
    "Sigmoid Slice Softmax Softplus SpaceToDepth Split Sqrt Square Squeeze StridedSlice Sub Sum Tanh Tile TopKV2 "
    "Transpose Unpack"
)
# The attribute that holds the dtype of the first output. For an op that is not here it is not known.
_OUTPUT_DTYPES = {
    **dict.fromkeys(_SAME_DTYPE.split(), "T"),
    **dict.fromkeys(("Const", *INPUT_OPS), "dtype"),
    "ArgMax": "output_type",
    "ArgMin": "output_type",
    "Cast": "DstT",
    "Gather": "Tparams",
    "GatherV2": "Tparams",
}
# Ops that always give the same dtype.
_FIXED_DTYPES = {
    **dict.fromkeys(("Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalNot"), "bool"),
    **dict.fromkeys(("AsString", "DecodeBase64", "EncodeJpeg", "EncodePng", "StringJoin"), "string"),
    **dict.fromkeys(("ResizeBilinear", "ResizeBicubic"), "float32"),
}
# Before this version of GraphDef a placeholder of unknown shape was written like a scalar
# (core/ops/array_ops.cc, Placeholder).
_SCALARS_SINCE = 24
_SUGGESTIONS = 5
_ASSUMED = (
    "a frozen graph does not name its outputs: these are the nodes that no other node reads. "
    "Name the outputs with #output=NAME."
)
_SHAPELESS = "a frozen graph does not tell the shapes of its outputs."


def read_signature(graph: GraphNodes, source: Source) -> tuple[Signature, tuple[Note, ...]]:
    """The signature of the key `default`, and what people should know of it.

    Raises UsageError for an output that the graph does not have, ValueError for a graph without nodes.
    """
    if not graph.nodes:
        raise ValueError("a graph without nodes")
    wanted = parse_selector(source.selector).outputs
    terminal = [node.name for node in _terminal(graph.nodes) if node.op not in _NO_OUTPUT_OPS]
    by_name = {node.name: node for node in graph.nodes}
    for name in wanted:
        if split_name(name)[0] not in by_name:
            raise UsageError(source.place, _no_output(name, by_name, terminal))
    ends = {split_name(name)[0] for name in wanted or terminal}
    defaults = needed_by_defaults(by_name, ends)
    signature = Signature(
        inputs=tuple(
            _input(node, graph.producer, defaults.get(node.name, ())) for node in graph.nodes if node.op in INPUT_OPS
        ),
        outputs=tuple(_output(name, by_name) for name in dict.fromkeys(wanted or terminal)),
    )
    notes = [] if wanted else [Note(place="outputs", message=_ASSUMED)]
    if any(endpoint.spec.shape is None for endpoint in signature.outputs):
        notes.append(Note(place="outputs", message=_SHAPELESS))
    notes += [
        Note(place=name, message=f"only the default of {', '.join(fed)} needs it: not where that is fed.")
        for name, fed in defaults.items()
    ]
    return signature, tuple(notes)


def _terminal(nodes: Sequence[Node]) -> Iterator[Node]:
    """The nodes that no other node reads. A control input (`^name`) reads no tensor, but says that more follows."""
    read = {split_name(name.removeprefix("^"))[0] for node in nodes for name in node.inputs}
    return (node for node in nodes if node.name not in read)


def split_name(name: str) -> tuple[str, int]:
    """Node and output of a tensor name.

    >>> split_name("scores"), split_name("split:1")
    (('scores', 0), ('split', 1))
    """
    node, colon, index = name.rpartition(":")
    return (node, int(index)) if colon and re.fullmatch(r"\d{1,4}", index) else (name, 0)


def _input(node: Node, producer: int, unless_fed: tuple[str, ...]) -> Endpoint:
    spend(STEPS_OF_ENDPOINT)
    attributes = node.attributes()
    shape = read_shape(attributes.get("shape", {}).get("shape"))
    if shape == () and producer < _SCALARS_SINCE:
        shape = None
    if shape is None:
        shape = _written_shape(attributes, 0)
    spec = TensorSpec(dtype=read_dtype(attributes.get("dtype", {}).get("type", 0)), shape=shape)
    return Endpoint(name=node.name, spec=spec, optional=node.op == WITH_DEFAULT, unless_fed=unless_fed)


def _output(name: str, nodes: Mapping[str, Node]) -> Endpoint:
    node_name, index = split_name(name)
    node = nodes[node_name]
    spend(STEPS_OF_ENDPOINT)
    attributes = node.attributes()
    number = attributes.get(_OUTPUT_DTYPES.get(node.op, ""), {}).get("type", 0)
    dtype = _FIXED_DTYPES.get(node.op) or read_dtype(number)
    spec = TensorSpec(dtype=dtype if index == 0 else None, shape=_written_shape(attributes, index))
    return Endpoint(name=name if index else node_name, spec=spec)


def _written_shape(attributes: Message, index: int) -> Shape | None:
    """The shape that `add_shapes=True` writes beside each node."""
    shapes = attributes.get("_output_shapes", {}).get("list", {}).get("shape", [])
    return read_shape(shapes[index]) if index < len(shapes) else None


def _no_output(name: str, nodes: Mapping[str, Node], terminal: Sequence[str]) -> str:
    near = near_names(name, nodes, _SUGGESTIONS) or terminal[:_SUGGESTIONS]
    listed = ", ".join(repr(one) for one in near)
    return f"no node {name!r}; it has {listed or 'no outputs'}. Name one with #output={near[0] if near else 'NAME'}."
