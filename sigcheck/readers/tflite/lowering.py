"""Lowering of a TFLite file: the nodes of a signature's subgraph, in real numbers.

Quantized tensors stand for real ones, and so the graph computes with those: behind what gives one
stands a node `Quantize`, which cuts off what its scale does not reach. What no operator, no input
and no buffer gives is not known, nor what an operator of another kind gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from sigcheck.encodings.flatbuffer import Table
from sigcheck.graph.view import MAX_NODES, Attributes, Graph, Node, Tensor
from sigcheck.readers.graph_def.heads import TooLargeError
from sigcheck.readers.tflite.constant import has_data, read_constant
from sigcheck.readers.tflite.model_signatures import Located
from sigcheck.readers.tflite.operator import Operator
from sigcheck.readers.tflite.stand_in import stand_in
from sigcheck.readers.tflite.tensor import read_quantization, tensor_dtype
from sigcheck.schema.budget import spend
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Quantization

# Fields by number (schema.fbs).
_OPERATOR_CODES, _BUFFERS = 1, 4
_OLD_CODE, _CODE = 0, 3
_TENSORS, _INPUTS, _OPERATORS = 0, 1, 3
_OPCODE, _TAKEN, _GIVEN = 0, 1, 2
_BUFFER, _NAME, _IS_VARIABLE = 2, 3, 5

# An operator is lowered to three nodes at most.
_MAX_OPERATORS = MAX_NODES // 4
# Concatenations of some hundred tensors occur.
_MAX_OPERANDS = 10_000
# In microseconds, beside its operands.
_STEPS_OF_OPERATOR = 20
# More kinds of operators than there are.
_MAX_CODES = 10_000
# Beside floating point and whole numbers: what activations are quantized to.
_QUANTIZED = frozenset({"int8", "uint8", "int16"})
# Of these a scale means nothing.
_PLAIN = frozenset({"float16", "float32", "float64", "bfloat16", "bool", "string", None})


class Scale(NamedTuple):
    """What the whole numbers of a quantized tensor stand for: the ends of the real ones, and how they are told."""

    scale: float
    zero_point: int
    low: float
    high: float

    def cut(self, low: float, high: float) -> Scale:
        """The same where an activation lets nothing beyond these ends: they are rounded as numbers are."""
        ends = [self.scale * round(end / self.scale) if math.isfinite(end) else end for end in (low, high)]
        return self._replace(low=min(max(self.low, ends[0]), self.high), high=max(min(self.high, ends[1]), self.low))


class Lowered(NamedTuple):
    """What stands for the results of an operator, and the real ends beyond which it lets nothing."""

    tensor: Tensor
    low: float = -math.inf
    high: float = math.inf


class Lowering:
    """The nodes of one subgraph, in the order of its operators: so none can read what comes later."""

    def __init__(self, model: Table, located: Located) -> None:
        """Lowers nothing yet."""
        self.nodes: list[Node] = []
        self._model = model
        self._located = located
        self._graph = located.subgraph
        self._tensors, self._buffers = located.subgraph.elements(_TENSORS), model.elements(_BUFFERS)
        self._dtypes: dict[int, tuple[str | None, bool]] = {}
        self._known: dict[int, Tensor | None] = {}
        self._fed: dict[int, Tensor] = {}
        self._made: set[int] = set()

    def lower(self, lower_operator: LowerOperator) -> Graph:
        """The graph, each operator lowered by itself.

        Raises TooLargeError where there are too many operators, ValueError where the file is broken.
        """
        for index in {*(self._graph.integers(_INPUTS, "i", _MAX_OPERANDS) or ()), *self._located.inputs.values()}:
            if index >= 0:
                self._feed(index)
        for operator in self._operators():
            spend(_STEPS_OF_OPERATOR + 2 * len(operator.inputs) + 4 * len(operator.outputs))
            found = self._sized(operator, lower_operator(self, operator))
            for output, index in enumerate(operator.outputs):
                if index >= 0:
                    self._known[index] = self._given(index, found, output)
                    self._made.add(index)
        outputs = {name: self.tensor(index) for name, index in self._located.outputs.items()}
        inputs = {name: self._fed[index] for name, index in self._located.inputs.items()}
        return Graph(tuple(self.nodes), inputs, {name: one for name, one in outputs.items() if one is not None})

    def _sized(self, operator: Operator, found: Lowered) -> Lowered:
        """What an operator became, with the node that gives its sizes."""
        operands = [self.tensor(index) for index in operator.inputs]
        name = self.table(operator.outputs[0]).text(_NAME) if operator.outputs and operator.outputs[0] >= 0 else ""
        self.nodes[found.tensor.node] = replace(
            self.nodes[found.tensor.node], name=name, stands_for=stand_in(operator, operands, name)
        )
        return found

    def add(self, op: str, inputs: Sequence[Tensor | None], read_attributes: Callable[[], Attributes] = dict) -> Tensor:
        """One more node, of which the first output is given. Raises TooLargeError above MAX_NODES."""
        if len(self.nodes) >= MAX_NODES:
            raise TooLargeError(f"more than {MAX_NODES} nodes")
        self.nodes.append(Node(op, tuple(inputs), "", read_attributes))
        return Tensor(len(self.nodes) - 1)

    def tensor(self, index: int) -> Tensor | None:
        """The real numbers of a tensor; None where there is none, or it is not known."""
        if index < 0:
            return None
        if index not in self._known:
            self._known[index] = self.add("Const", (), partial(self.constant, index))
        return self._known[index]

    def is_given(self, index: int) -> bool:
        """Whether an input or an operator gives a tensor, which is no constant then."""
        return index in self._fed or index in self._made

    def table(self, index: int) -> Table:
        """The tensor of an index. Raises IndexError where there is none."""
        return self._tensors[index]

    def dtype(self, index: int) -> str | None:
        """The dtype of the real numbers of a tensor."""
        dtype, is_quantized = self._kind(index)
        return "float32" if is_quantized else dtype

    def is_quantized(self, index: int) -> bool:
        """Whether the numbers of a tensor stand for others."""
        return self._kind(index)[1]

    def _kind(self, index: int) -> tuple[str | None, bool]:
        if index not in self._dtypes:
            table = self.table(index)
            dtype = tensor_dtype(table)
            self._dtypes[index] = dtype, dtype not in _PLAIN and read_quantization(table, None) is not None
        return self._dtypes[index]

    def constant(self, index: int) -> Attributes:
        """The attributes of a constant; none where the tensor is a variable, or nothing gives it."""
        table = self.table(index)
        buffer = self._buffers[table.number(_BUFFER, "I")]
        if table.number(_IS_VARIABLE, "B") or not has_data(buffer):
            return {}
        dtype, is_quantized = self.dtype(index), self.is_quantized(index)
        return {"dtype": dtype, "value": read_constant(table, buffer, dtype, is_quantized=is_quantized)}

    def scale(self, index: int) -> Scale | None:
        """The one scale of a quantized tensor; None where it is not quantized, or not by one scale."""
        dtype = tensor_dtype(self.table(index))
        if dtype not in _QUANTIZED:
            return None
        found = read_quantization(self.table(index), None)
        if not isinstance(found, Quantization) or len(found.scale) != 1:
            return None
        scale, zero = found.scale[0], found.zero_point[0]
        ends = DTYPES[dtype].lowest, DTYPES[dtype].highest
        low, high = (scale * (float(end or 0) - zero) for end in ends)
        return Scale(scale, zero, low, high)

    def _feed(self, index: int) -> None:
        dtype = tensor_dtype(self.table(index))
        fed = self.add("Placeholder", (), lambda: {"dtype": dtype})
        self._fed[index] = self._known[index] = fed
        if self.is_quantized(index):
            found = self.scale(index)
            self._known[index] = self._unscaled(fed) if found is None else self.add("Dequantize", (fed,), found._asdict)

    def _given(self, index: int, found: Lowered, output: int) -> Tensor:
        """What stands for one result of an operator."""
        tensor = Tensor(found.tensor.node, output)
        if not self.is_quantized(index):
            return tensor
        scale = self.scale(index)
        if scale is None:
            return self._unscaled(tensor)
        return self.add("Quantize", (tensor,), scale.cut(found.low, found.high)._asdict)

    def _unscaled(self, tensor: Tensor) -> Tensor:
        """A tensor of whose real numbers nothing is known, but that its sizes are these."""
        found = self.add("unscaled", (tensor,))
        self.nodes[found.node] = replace(self.nodes[found.node], stands_for=Node("Identity", (tensor,)))
        return found

    def _operators(self) -> Iterator[Operator]:
        codes = [
            max(one.number(_OLD_CODE, "b"), one.number(_CODE, "i"))
            for one in self._model.iterate(_OPERATOR_CODES, _MAX_CODES)
        ]
        if self._graph.count(_OPERATORS) > _MAX_OPERATORS:
            raise TooLargeError(f"more than {_MAX_OPERATORS} operators")
        for table in self._graph.iterate(_OPERATORS):
            yield Operator(
                codes[table.number(_OPCODE, "I")],
                table.integers(_TAKEN, "i", _MAX_OPERANDS) or (),
                table.integers(_GIVEN, "i", _MAX_OPERANDS) or (),
                table,
            )


# What an operator becomes.
LowerOperator = Callable[[Lowering, Operator], Lowered]
