"""Sizes: a signature with its open sizes named, and with what the graph demands of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sigcheck.graph.calls import Calls
from sigcheck.graph.view import Graph, Node
from sigcheck.schema.constraint import Constraint, NamedSizes, told_reasons
from sigcheck.schema.shape import MAX_RANK
from sigcheck.schema.signature import MOST_CONSTRAINTS, Endpoint, Signature
from sigcheck.schema.size_text import MOST_CHARACTERS
from sigcheck.sizes.bounds import is_equal
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.emptiness import filled
from sigcheck.sizes.expression import Expression, TooLargeError, Variable
from sigcheck.sizes.named import Named, fed, name_sizes
from sigcheck.sizes.tensor import Size, Sizes, lifted
from sigcheck.sizes.walk import NOT_RUN, Found, walk

if TYPE_CHECKING:
    from sigcheck.sizes.summary import Summary

# Places of which more are not read.
_MOST_PLACES = 8
_MOST_SIZE = 2**63 - 1
# Operations that take tensors of one rank alone.
_RANKS = {
    "MatMul": 2,
    **dict.fromkeys(("Conv2D", "DepthwiseConv2dNative", "MaxPool", "AvgPool", "FusedBatchNormV3"), 4),
    "Conv3D": 5,
}
_BROKEN = (TooLargeError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def tell_sizes(graph: Graph, signature: Signature) -> Signature:
    """The signature with named sizes and constraints; as it is where the graph contradicts it, or says no more.

    Raises LimitError alone.
    """
    if not any(_is_open(one) for one in (*signature.inputs, *signature.outputs)):
        return signature
    given = given_sizes(graph, signature)
    found = walk(graph, given)
    try:
        found = found._replace(conditions=(*found.conditions, *filled(found.outputs, _batches(signature, given))))
        named = name_sizes(signature.inputs, given, found)
        clash, told = _summed(named.conditions)
        told_of = _refused(signature, named, clash) if told is None else _told(signature, named, told)
    except _BROKEN:
        return signature.model_copy(
            update={"unfollowed": ("a graph that contradicts its signature, or is too large to be kept",)}
        )
    is_understood = told is not None or bool(told_of.constraints)
    return told_of.model_copy(update={"unfollowed": _unfollowed(found, is_understood=is_understood)})


def _summed(conditions: Sequence[Condition]) -> tuple[Sequence[Condition], Sequence[Summary[Condition]] | None]:
    """The conditions that no size meets, and what all say; most graphs demand nothing, and load no arithmetic of it."""
    if not conditions:
        return (), ()
    from sigcheck.sizes.summary import clashing, summarize

    clash = clashing(conditions)
    return clash, None if clash else summarize(conditions)


def _unfollowed(found: Found, *, is_understood: bool) -> tuple[str, ...]:
    """Where sizes are lost, and what is demanded of sizes that were: of these nothing is claimed."""
    if found.is_stopped:
        return ("a graph of more operations than are walked",)
    if not is_understood:
        return ("a graph that no size meets as it is understood",)
    demanding = [f"{one.operation} at `{one.place}`" for one in found.conditions if not one.is_known]
    places = tuple(dict.fromkeys((*found.lost, *demanding)))
    more = len(places) - _MOST_PLACES
    return places if more <= 0 else (*places[:_MOST_PLACES], f"{more} more")


def given_sizes(graph: Graph, signature: Signature) -> Mapping[str, Sizes | None]:
    """The sizes that the inputs of a graph are walked with; of an unknown rank what reads it as it is tells it."""
    return fed(signature.inputs, _ranks(graph, signature))


def _ranks(graph: Graph, signature: Signature) -> Mapping[str, int]:
    """How many axes an input of unknown rank must have, by the operation that reads it."""
    names = {graph.inputs[one.name]: one.name for one in signature.inputs if one.name in graph.inputs and _is_free(one)}
    if not names:
        return {}
    found: dict[str, int] = {}
    # What leads to no output does not run, and demands nothing.
    for number in sorted(Calls(NOT_RUN).running(graph, graph.outputs.values())):
        node = graph.nodes[number]
        first = node.inputs[0] if node.inputs else None
        if first in names and node.op in _RANKS and node.stands_for is None and _is_flat(node):
            found[names[first]] = _RANKS[node.op]
    return found


def _is_flat(node: Node) -> bool:
    """Whether it is of pictures, and not of volumes, which some operations of pictures take too."""
    return node.op == "Conv3D" or node.attributes.get("data_format", "NHWC") in {"NHWC", "NCHW"}


def _is_free(endpoint: Endpoint) -> bool:
    return endpoint.spec.kind == "dense" and endpoint.spec.shape is None


def _batches(signature: Signature, given: Mapping[str, Sizes | None]) -> set[Variable]:
    """The first axes of the inputs, unless they are the only ones."""
    first = [sizes[0] for one in signature.inputs if len(sizes := given.get(one.name) or ()) > 1]
    return {one for size in first if isinstance(size, Expression) for one in size.variables}


def _is_open(endpoint: Endpoint) -> bool:
    shape = endpoint.spec.shape
    return endpoint.spec.kind == "dense" and (shape is None or None in shape)


def _told(signature: Signature, named: Named, told: Sequence[Summary[Condition]]) -> Signature:
    inputs = tuple(_sized(one, named.inputs.get(one.name)) for one in signature.inputs)
    outputs = tuple(_sized(one, named.outputs.get(one.name)) for one in signature.outputs)
    constraints = tuple(
        Constraint(holds=one.holds, because=told_reasons(each.reason for each in one.conditions), tier="proved")
        for one in told
        if len(one.holds) <= MOST_CHARACTERS
    )[:MOST_CONSTRAINTS]
    return signature.model_copy(update={"inputs": inputs, "outputs": outputs, "constraints": constraints})


def _refused(signature: Signature, named: Named, clash: Sequence[Condition]) -> Signature:
    """A signature that no sizes meet, with what cannot be: a constraint that fails whatever is fed.

    Where numbers contradict each other, the graph contradicts itself: nothing is said.
    """
    if not clash or not all(one.variables for one in clash):
        return signature
    inputs = tuple(_sized(one, named.inputs.get(one.name)) for one in signature.inputs)
    constraints = tuple(
        Constraint(holds=holds, because=(f"no size meets it: {one.reason}",), tier="proved")
        for one in clash
        if len(holds := str(one)) <= MOST_CHARACTERS
    )
    return signature.model_copy(update={"inputs": inputs, "constraints": constraints})


def _sized(endpoint: Endpoint, sizes: Sizes | None) -> Endpoint:
    """Raises ValueError where the graph contradicts the shape."""
    shape = endpoint.spec.shape
    if sizes is None or not _is_open(endpoint) or len(sizes) > MAX_RANK:
        return endpoint
    if shape is None:
        told: NamedSizes = tuple(_text(size) for size in sizes)
    elif len(shape) != len(sizes):
        raise ValueError("another rank than the signature has")
    else:
        pairs = list(zip(shape, sizes, strict=True))
        if any(one is not None and is_equal(lifted(size), one) is False for one, size in pairs):
            raise ValueError("another size than the signature has")
        told = tuple(_text(size) if one is None else one for one, size in pairs)
    return endpoint if all(size is None for size in told) else endpoint.model_copy(update={"sizes": told})


def _text(size: Size) -> int | str | None:
    if isinstance(size, Expression):
        text = str(size) if size.is_known else ""
        return text if 0 < len(text) <= MOST_CHARACTERS else None
    return size if 0 <= size <= _MOST_SIZE else None
