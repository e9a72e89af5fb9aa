"""Least: the sizes that inputs need so that an output has a value."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.graph.view import Graph, Tensor
from sigcheck.inference.extent.rules import RULES, SHRINKING, Operation, apply
from sigcheck.inference.extent.size import Extents, Size
from sigcheck.inference.forward import NEUTRAL
from sigcheck.inference.operands import shape_of
from sigcheck.schema.budget import spend
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.tensor_spec import Shape

# Some 10 microseconds each; the largest published graphs with open sizes have some 1,000.
_MAX_WALKED = 4_000
_STEPS_OF_NODE = 10


def least_sizes(graph: Graph, shapes: Mapping[str, Shape | None]) -> dict[str, Inferred]:
    """For inputs of these shapes the claim `least_sizes`, by name.

    Below a least size some operation fails, or every output is empty by its shape: a build of TensorFlow then
    gives nothing, fails, or gives what means nothing, as oneDNN does. The size of a batch is none of these.
    """
    opens = {name: _opened(name, shapes.get(name)) for name in graph.inputs}
    if not any(isinstance(extent, Size) for extents in opens.values() for extent in extents or ()):
        return {}
    if len(graph.nodes) > _MAX_WALKED or not any(node.op in SHRINKING for node in graph.nodes):
        return {}
    walk = _Walk(graph, {tensor.node: opens[name] for name, tensor in graph.inputs.items()})
    empty = [_emptiness(walk.extents(tensor)) for tensor in graph.outputs.values()]
    found = dict(walk.fails)
    for key in set.intersection(*map(set, empty)) if empty else ():
        least, reason = min(one[key] for one in empty)
        if least > found.get(key, (0, ""))[0]:
            found[key] = least, f"{reason} leaves nothing of less"
    return dict(_claims(found, shapes))


def _opened(name: str, shape: Shape | None) -> Extents:
    """The extents of an input. The first axis is that of the batch, unless it is the only one."""
    if shape is None:
        return None
    return tuple(
        Size(name, axis) if size is None and (axis or len(shape) == 1) else size for axis, size in enumerate(shape)
    )


def _emptiness(extents: Extents) -> dict[tuple[str, int], tuple[int, str]]:
    """Below which sizes of inputs a tensor is empty."""
    found: dict[tuple[str, int], tuple[int, str]] = {}
    for size in extents or ():
        if isinstance(size, Size) and size.empty > found.get((size.source, size.axis), (1, ""))[0]:
            found[size.source, size.axis] = size.empty, size.reason
    return found


def _claims(
    found: Mapping[tuple[str, int], tuple[int, str]], shapes: Mapping[str, Shape | None]
) -> Mapping[str, Inferred]:
    claims: dict[str, Inferred] = {}
    for name, shape in shapes.items():
        told = {axis: found[name, axis] for axis in range(len(shape or ())) if found.get((name, axis), (0, ""))[0] > 1}
        if told and shape is not None:
            sizes = tuple(told[axis][0] if axis in told else None for axis in range(len(shape)))
            reasons = dict.fromkeys(reason for _, reason in told.values())
            claims[name] = Inferred(name="least_sizes", value=sizes, tier="proved", reason=", ".join(reasons))
    return claims


class _Walk:
    """The extents of the tensors of a graph. All that leads to the outputs runs, whatever is known of its result."""

    def __init__(self, graph: Graph, fed: Mapping[int, Extents]) -> None:
        self._graph = graph
        self._known = dict(fed)
        self._fails: dict[tuple[str, int], tuple[int, str]] = {}
        started = set(fed)
        stack = [tensor.node for tensor in graph.outputs.values()]
        while stack:
            number = stack[-1]
            node = graph.nodes[number]
            if number not in started:
                started.add(number)
                spend(_STEPS_OF_NODE + 2 * len(node.inputs))
                # What only a shape is read of need not run.
                waiting = () if node.op in NEUTRAL else node.inputs
                stack += [one.node for one in waiting if one is not None and one.node not in started]
                continue
            stack.pop()
            if number not in self._known and node.op in RULES:
                operands = [self.extents(tensor) for tensor in node.inputs]
                self._known[number] = apply(Operation(graph, node, operands, self.extents, self._fails))

    @property
    def fails(self) -> dict[tuple[str, int], tuple[int, str]]:
        """Below which sizes of inputs an operation fails."""
        return {key: (least, f"{op} fails below") for key, (least, op) in self._fails.items()}

    def extents(self, tensor: Tensor | None) -> Extents:
        """The extents of a tensor; of constants and variables the shape, read where it is asked for."""
        if tensor is None or tensor.output:
            return None
        found = self._known.get(tensor.node)
        return shape_of(self._graph, tensor) if found is None else found
