"""Building: the nodes of a graph, numbered as they are made."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sigcheck.graph.view import MAX_NODES, Constant, Node, Tensor
from sigcheck.readers.graph_def.attributes import constant
from sigcheck.readers.graph_def.heads import TooLargeError
from sigcheck.readers.keras.config.tensor import UNKNOWN
from sigcheck.readers.keras.config.tensor import Tensor as Spec
from sigcheck.schema.dtype import DTYPES

# What Keras' numbers, float32 at first, are off at most where a layer computes in another dtype: two
# roundings. In float16 what is below its normal numbers is off by a fixed amount.
_SLACK = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float64": 2.0**-23}
_LEAST_HALF, _MOST_HALF, _HALF_STEP = 2.0**-14, 65504.0, 2.0**-24
# A number that is computed in float32, such as a root, is off by less than this part.
ROOT_SLACK = 2.0**-22


class Flow:
    """A tensor between layers: the node that gives it, its spec, and whether it may carry a mask of Keras."""

    __slots__ = ("is_masked", "spec", "tensor")

    def __init__(self, tensor: Tensor | None, spec: Spec = UNKNOWN, *, is_masked: bool = False) -> None:
        """A tensor of None is one that could not be followed."""
        self.tensor = tensor
        self.spec = spec
        self.is_masked = is_masked


class Builder:
    """Collects nodes. `nodes` may be cut to a length it had, which takes back what was added since."""

    def __init__(self) -> None:
        """No nodes yet."""
        self.nodes: list[Node] = []

    def add(self, op: str, *inputs: Tensor | None, **attributes: Any) -> Tensor:
        """A node; the number of its first output. Raises TooLargeError above MAX_NODES nodes."""
        if len(self.nodes) >= MAX_NODES:
            raise TooLargeError(f"more than {MAX_NODES} nodes")
        self.nodes.append(Node(op, inputs, op, lambda: attributes))
        return Tensor(len(self.nodes) - 1)

    def sized(self, tensor: Tensor, node: Node, begin: int = 0) -> Tensor:
        """The tensor with a node that gives its sizes; a tensor of its own, where it is one of before `begin`."""
        if tensor.node < begin or self.nodes[tensor.node].stands_for is not None:
            tensor = self.add("Identity", tensor)
        self.nodes[tensor.node] = replace(self.nodes[tensor.node], stands_for=node)
        return tensor

    def opaque(self, what: str, inputs: Sequence[Flow]) -> Tensor:
        """A node of which nothing is known but what it reads. No operation of TensorFlow has such a name."""
        return self.add(f"Keras>{what}", *(flow.tensor for flow in inputs))

    def variable(self, *shape: int | None, dtype: str) -> Tensor:
        """Weights, as they are read: of these the shape alone counts."""
        return self.add("ReadVariableOp", self.add("VarHandleOp", shape=shape, dtype=dtype), dtype=dtype)

    def whole(self, *numbers: int) -> Tensor:
        """A constant vector of axes or sizes; one number is a scalar."""
        shape = () if len(numbers) == 1 else (len(numbers),)
        return self.add("Const", dtype="int32", value=constant("int32", shape, list(numbers)))

    def number(self, value: object, dtype: str, slack: float = 0.0, *, is_last: bool = True) -> Tensor:
        """A number or a flat list of numbers of a config as a constant of a float dtype.

        A list is told apart along the last axis, or along another if not `is_last`. What is claimed of the
        constant covers the rounding to the dtype, and `slack` as a part of each number. Raises
        ValueError where it is no such number or overflows.
        """
        numbers = [as_float32(one) for one in value] if isinstance(value, list) else [as_float32(value)]
        if not numbers or DTYPES[dtype].kind != "float":
            raise ValueError(f"no numbers of dtype {dtype}")
        shape = () if not isinstance(value, list) else (len(numbers),) if is_last else (len(numbers), 1)
        given = value if isinstance(value, list) else [value]
        if not slack and all(_is_exact(one, told, dtype) for one, told in zip(numbers, given, strict=True)):
            return self.add("Const", dtype=dtype, value=constant(dtype, shape, numbers))
        offs = [_off(one, dtype, slack) for one in numbers]
        low = min(one - off for one, off in zip(numbers, offs, strict=True))
        high = max(one + off for one, off in zip(numbers, offs, strict=True))
        return self.add("Const", dtype=dtype, value=Constant(dtype, shape, tuple(numbers), low, high))

    def cast(self, flow: Flow, dtype: str) -> Tensor:
        """The tensor in a dtype. Raises ValueError where it is no tensor of numbers."""
        source = flow.spec.dtype
        if flow.tensor is None or flow.spec.kind != "dense" or source is None:
            raise ValueError("a tensor of unknown dtype")
        if source == dtype:
            return flow.tensor
        kinds = {DTYPES[source].kind, DTYPES[dtype].kind}
        if not kinds <= {"float", "int", "uint", "bool"}:
            raise ValueError(f"{source} is not cast to {dtype}")
        return self.add("Cast", flow.tensor, SrcT=source, DstT=dtype)


def as_float32(value: object) -> float:
    """A number as float32 has it. Raises ValueError where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"no number: {str(value)[:40]}")
    try:
        (found,) = struct.unpack("<f", struct.pack("<f", value))
    except (OverflowError, struct.error) as error:
        raise ValueError("a number beyond float32") from error
    if not math.isfinite(found):
        raise ValueError("a number that is not finite")
    return float(found)


def _is_exact(number: float, given: object, dtype: str) -> bool:
    """Whether every way to round a number of the config to the dtype gives the same: always to float32."""
    if dtype == "float16":
        return abs(number) <= _MOST_HALF and struct.unpack("<e", struct.pack("<e", number))[0] == given
    if dtype == "bfloat16":
        return number == given and struct.pack("<f", number)[:2] == b"\0\0"
    return dtype == "float32" or (dtype == "float64" and number == given)


def _off(number: float, dtype: str, slack: float) -> float:
    if dtype == "float16" and abs(number) > _MOST_HALF:
        raise ValueError("a number beyond float16")
    part = abs(number) * (_SLACK.get(dtype, 2.0**-23 if dtype == "float32" else 2.0**-7) + slack)
    return max(part, _HALF_STEP) if dtype == "float16" and 0 < abs(number) < _LEAST_HALF else part
