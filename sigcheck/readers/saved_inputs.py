"""Saved inputs: the flat inputs of a signature put together again, in the order of the call.

Saving a signature takes its arguments apart: a ragged `r` becomes `r` and `r_1`, a sparse `x`
becomes `x`, `x_1` and `x_2`, the entries of a dict lose their keys, and all are sorted by name.
The traced function that the signature wraps has the whole structure. It is found by the names
of its flat inputs; where several functions have the same, by the call in the wrapper's body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sigcheck.readers.message import Message, decode
from sigcheck.readers.saved_functions import keywords_of
from sigcheck.readers.saved_structure import Leaf, component_dtypes, flatten, name_leaves, split_keywords
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

# signature_serialization.py: what a signature calls is a function of this name.
_WRAPPER = "__inference_signature_wrapper"
_COUNTER = re.compile(r"_\d+$")


class Call(NamedTuple):
    """What the wrapper of a signature calls: the inner function, and its arguments in order."""

    function: str
    arguments: tuple[str, ...]


def order_by_name(specs: Mapping[str, TensorSpec]) -> tuple[Endpoint, ...]:
    """The endpoints of a map, which has no order: by name, with numbers as numbers.

    >>> dense = TensorSpec(dtype="float32", shape=())
    >>> [one.name for one in order_by_name({"output_10": dense, "output_9": dense})]
    ['output_9', 'output_10']
    """
    return tuple(Endpoint(name=name, spec=specs[name]) for name in sorted(specs, key=_natural))


def arrange_inputs(
    specs: Mapping[str, TensorSpec], graph: Message, find_call: Callable[[], Call | None]
) -> tuple[Endpoint, ...] | None:
    """The inputs with their structure and in the order of the call; None where the file does not tell.

    `specs` are the flat inputs of the signature, `graph` the object graph. `find_call` is
    asked only where the names of the inputs leave several functions, or none.
    """
    keywords = keywords_of(graph)
    leaves = _Leaves(graph.get("concrete_functions", {}))
    found: dict[str, tuple[Endpoint, ...]] = {}
    for name in leaves.functions:
        names = keywords.get(name)
        if names is not None and set(names) != specs.keys():
            continue
        arranged = _arrange(specs, leaves[name], names or _own_names(leaves[name]))
        if arranged is not None:
            found[name] = arranged
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    call = find_call()
    if call is None or set(call.arguments) != specs.keys():
        return None
    if call.function in found:
        return found[call.function]
    stem = _stem(call.function)
    called = {_arrange(specs, leaves[name], call.arguments) for name in leaves.functions if _stem(name) == stem}
    called.discard(None)
    if len(called) == 1:
        return called.pop()
    return tuple(Endpoint(name=name, spec=specs[name]) for name in call.arguments)


class _Leaves(dict[str, list[Leaf]]):
    """The inputs of each function but the wrappers, decoded when they are asked for."""

    def __init__(self, concrete: Mapping[str, bytes | Message]) -> None:
        self.functions = {name: value for name, value in concrete.items() if not name.startswith(_WRAPPER)}

    def __missing__(self, name: str) -> list[Leaf]:
        value = self.functions[name]
        function = decode("SavedConcreteFunction", value) if isinstance(value, bytes) else value
        leaves = self[name] = list(flatten(function.get("canonicalized_input_signature", {})))
        return leaves


def _arrange(
    specs: Mapping[str, TensorSpec], leaves: Sequence[Leaf], keywords: Sequence[str]
) -> tuple[Endpoint, ...] | None:
    """The leaves under the names that feed them; None where leaves, names and flat specs do not agree."""
    if len(keywords) != len(specs) or set(keywords) != specs.keys():
        return None
    parts = split_keywords(leaves, keywords)
    if parts is None:
        return None
    if not all(_agrees(leaf, [specs[name] for name in own]) for leaf, own in zip(leaves, parts, strict=True)):
        return None
    names = name_leaves(leaves, [own[0] for own in parts])
    return tuple(
        Endpoint(name=name, spec=leaf.spec, parts=() if own == (name,) else own)
        for leaf, name, own in zip(leaves, names, parts, strict=True)
    )


def _agrees(leaf: Leaf, flat: Sequence[TensorSpec]) -> bool:
    if leaf.spec.kind == "dense" and leaf.parts == 1 and leaf.spec.dtype is not None:
        return flat[0] == leaf.spec
    dtypes = component_dtypes(leaf)
    return dtypes is None or dtypes == tuple(spec.dtype for spec in flat)


def _own_names(leaves: Sequence[Leaf]) -> list[str]:
    """The names in the specs themselves, for files that name the flat inputs nowhere else (before TensorFlow 2.6)."""
    return [leaf.name for leaf in leaves if leaf.parts == 1 and leaf.name]


def _stem(function: str) -> str:
    """A function's name without its counter: saving traces a function again under a new number."""
    return _COUNTER.sub("", function)


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (0, int(part), part) if part.isdecimal() and part.isascii() else (1, 0, part)
        for part in re.split(r"(\d{1,18})", name)
        if part
    )
