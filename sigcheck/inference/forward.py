"""Forward: from an input to the operations that read it, through those that only scale or cast it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sigcheck.graph.view import Node, Tensor
from sigcheck.inference.operands import shape_of
from sigcheck.inference.scope import MOST_READERS, Scope
from sigcheck.schema.budget import spend

# In microseconds, with what it says of the input.
_STEPS_OF_ARRIVAL = 15

_SEEN_THROUGH = frozenset({"Identity", "StopGradient", "EnsureShape", "CheckNumerics", "Snapshot"})
# Ops that read a shape only.
NEUTRAL = frozenset({"Shape", "Rank", "Size", "ShapeN", "ZerosLike", "OnesLike"})
# Ops that move values without changing them, or mix neighbours: scaling survives, the meaning of axes does not.
_MOVING = frozenset(
    {
        "ExpandDims",
        "Squeeze",
        "Reshape",
        "Transpose",
        "StridedSlice",
        "Slice",
        "ResizeBilinear",
        "ResizeNearestNeighbor",
    }
)
_RESIZES = frozenset({"ResizeBilinear", "ResizeNearestNeighbor"})


@dataclass(frozen=True)
class Arrival:
    """An operation that the input arrives at, at one of its operands.

    What arrives is `scale * input + offset`, each one number or one for each index of the last
    axis. `is_in_place` says whether its axes are those of the input; `reach` the ends beyond which the
    values are cut off because they are quantized; `steps` what happened on the way.
    """

    node: Node
    scope: Scope
    number: int
    operand: int
    scale: tuple[float, ...] = (1.0,)
    offset: tuple[float, ...] = (0.0,)
    is_in_place: bool = True
    is_cast_down: bool = False
    reach: tuple[float, float] | None = None
    steps: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the input arrives unscaled."""
        return self.scale == (1.0,) and self.offset == (0.0,)


def arrivals(root: Scope, tensor: Tensor) -> list[Arrival] | None:
    """Where an input arrives; None where it is read too often to follow."""
    found: list[Arrival] = []
    waiting, seen = [Arrival(root.graph.nodes[tensor.node], root, tensor.node, 0)], 0
    while waiting:
        at = waiting.pop()
        readers = at.scope.readers(at.number)
        if readers is None:
            return None
        for scope, number, operand in readers:
            seen += 1
            spend(_STEPS_OF_ARRIVAL)
            if seen > MOST_READERS:
                return None
            node = scope.graph.nodes[number]
            if node.op in NEUTRAL or _wraps_negatives(scope, number, operand):
                continue
            onward = _onward(replace(at, node=node, scope=scope, number=number), operand)
            if onward is None:
                found.append(replace(at, node=node, scope=scope, number=number, operand=operand))
                continue
            is_output = scope.is_output(number)
            if not is_output or len(onward.steps) > len(at.steps):
                waiting.append(onward)
            if is_output:
                found.append(replace(onward, operand=operand))
    return found


def _onward(here: Arrival, operand: int) -> Arrival | None:
    """What arrives behind an operation, of what arrives there; None where it ends the way."""
    node = here.node
    if operand == 0 and node.op in _SEEN_THROUGH:
        return here
    if operand == 0 and node.op in {"Cast", *_QUANTIZED}:
        return _encoded(here, node)
    if operand == 0 and node.op in _MOVING:
        scaled = len(here.scale) > 1 or len(here.offset) > 1
        if scaled and node.op not in _RESIZES:
            return None
        steps = (*here.steps, node.op) if node.op in _RESIZES else here.steps
        return replace(here, is_in_place=here.is_in_place and node.op in _RESIZES, steps=steps)
    if node.op == "SelectV2" and operand == 2 and _is_wrap(here.scope, here.number):  # noqa: PLR2004  # where it is not negative
        return here
    return _scaled(here, node, operand)


def _scaled(here: Arrival, node: Node, operand: int) -> Arrival | None:
    if node.op not in {"Mul", "Add", "AddV2", "Sub", "RealDiv"} or len(node.inputs) != 2:  # noqa: PLR2004  # operations of two operands
        return None
    numbers = _numbers(here.scope, node.inputs[1 - operand])
    if numbers is None or len(numbers) > 4:  # noqa: PLR2004  # no picture has more channels
        return None
    shape = shape_of(here.scope.graph, node.inputs[1 - operand], here.scope.walk.given)
    told = replace(
        here,
        steps=(*here.steps, f"{node.op} {_shown(numbers)}"),
        is_in_place=here.is_in_place and shape is not None and len(shape) <= 1,
    )
    if node.op == "Mul":
        return replace(told, scale=_each(here.scale, numbers, "*"), offset=_each(here.offset, numbers, "*"))
    if node.op in {"RealDiv", "Sub"} and operand != 0:
        return None
    if node.op == "RealDiv":
        inverse = tuple(1 / number if number else math.inf for number in numbers)
        return replace(told, scale=_each(here.scale, inverse, "*"), offset=_each(here.offset, inverse, "*"))
    return replace(told, offset=_each(here.offset, numbers, "-" if node.op == "Sub" else "+"))


def _numbers(scope: Scope, tensor: Tensor | None) -> tuple[float, ...] | None:
    """The numbers of a constant that stands beside the input."""
    value = scope.walk.value(tensor)
    if value.numbers is not None and len(set(value.numbers)) == 1:
        return value.numbers[:1]
    if value.numbers is not None and value.width != len(value.numbers):
        return None
    if value.numbers is None and value.is_bounded and value.low == value.high and not value.has_nan:
        return (value.low,)
    return value.numbers


def _wraps_negatives(scope: Scope, number: int, operand: int) -> bool:
    """Whether the operation is a part of `where(x < 0, x + rows, x)`, which leaves other values as they are."""
    if scope.graph.nodes[number].op not in {"Less", "AddV2", "Add"} or operand != 0:
        return False
    readers = scope.readers(number)
    return bool(readers) and all(_is_wrap(one.scope, one.number) for one in readers or ())


def _is_wrap(scope: Scope, number: int) -> bool:
    node = scope.graph.nodes[number]
    if node.op != "SelectV2" or len(node.inputs) != 3 or None in node.inputs:  # noqa: PLR2004  # condition, then, else
        return False
    condition, wrapped, plain = (tensor for tensor in node.inputs if tensor is not None)
    less, added = scope.graph.nodes[condition.node], scope.graph.nodes[wrapped.node]
    if less.op != "Less" or added.op not in {"AddV2", "Add"} or len(less.inputs) != 2 or not added.inputs:  # noqa: PLR2004  # the two sides of x < 0
        return False
    return less.inputs[0] == plain and added.inputs[0] == plain and _numbers(scope, less.inputs[1]) == (0,)


def _encoded(here: Arrival, node: Node) -> Arrival | None:
    """In another type. Quantized, a value is cut off but stays; of whole numbers the real ones are a scaling."""
    told = node.attributes
    if node.op == "Cast":
        return replace(here, is_cast_down=here.is_cast_down or told.get("DstT") not in _WIDE)
    names = ("low", "high", "scale", "zero_point")
    low, high, scale, zero_point = (told.get(name) for name in names)
    if low is None or high is None or scale is None or zero_point is None:
        return None
    if node.op == "Quantize":
        return replace(here, reach=(low, high)) if here.is_plain and here.reach is None else here
    steps = (*here.steps, f"{node.op} {scale:.6g} {zero_point}")
    return replace(here, scale=(scale,), offset=(-scale * zero_point,), steps=steps) if here.is_plain else None


# What stands between numbers and quantized ones.
_QUANTIZED = frozenset({"Quantize", "Dequantize"})
# A cast to one of these keeps whole numbers of a picture or of a vocabulary.
_WIDE = frozenset({"float32", "float64", "int32", "int64"})


def _each(ours: tuple[float, ...], theirs: tuple[float, ...], sign: str) -> tuple[float, ...]:
    count = max(len(ours), len(theirs))
    pairs = zip(_spread(ours, count), _spread(theirs, count), strict=True)
    found = tuple(_COMPUTE[sign](a, b) for a, b in pairs)
    return found[:1] if len(set(found)) == 1 else found


def _spread(numbers: tuple[float, ...], count: int) -> tuple[float, ...]:
    return numbers * count if len(numbers) == 1 else numbers + (math.nan,) * (count - len(numbers))


_COMPUTE = {
    "*": lambda a, b: a * b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
}


def _shown(numbers: tuple[float, ...]) -> str:
    return f"{numbers[0]:.6g}" if len(numbers) == 1 else f"[{', '.join(f'{number:.6g}' for number in numbers)}]"


def distinct(arrivals: list[Arrival]) -> Iterator[Arrival]:
    """The arrivals in the order of the graph, so that every process says the same."""
    yield from sorted(arrivals, key=lambda one: (one.scope.path, one.number, one.operand))
