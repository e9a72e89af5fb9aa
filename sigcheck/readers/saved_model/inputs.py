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

from sigcheck.encodings.message import Message, decode
from sigcheck.readers.saved_model.functions import keywords_of
from sigcheck.readers.saved_model.structure import Leaf, component_dtypes, flatten, name_leaves, split_keywords
from sigcheck.schema.budget import spend
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

# signature_serialization.py: what a signature calls is a function of this name.
_WRAPPER = "__inference_signature_wrapper"
# A function is traced once for each shape that it is called with. More traces than this tell no more.
_MOST_CANDIDATES = 100
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


class Arrangement(NamedTuple):
    """The inputs in the order of the call. Whether they have their structure, or are still flat."""

    inputs: tuple[Endpoint, ...]
    is_whole: bool


class SavedCallables:
    """The traced functions of a model, looked up by the names of their flat inputs.

    Built once for all signatures of a model: there may be a thousand of each.
    """

    def __init__(self, graph: Message) -> None:
        """Indexes an object graph."""
        concrete: Mapping[str, bytes | Message] = graph.get("concrete_functions", {})
        self._functions = {name: value for name, value in concrete.items() if not name.startswith(_WRAPPER)}
        self._leaves: dict[str, list[Leaf]] = {}
        self._keywords: dict[str, Sequence[str]] = {}
        self._by_keywords: dict[frozenset[str], list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        keywords = keywords_of(graph)
        for name in self._functions:
            names = self._keywords[name] = keywords.get(name) or _own_names(self.leaves(name))
            self._by_keywords.setdefault(frozenset(names), []).append(name)
            self._by_stem.setdefault(_stem(name), []).append(name)

    def leaves(self, name: str) -> list[Leaf]:
        """The inputs of a function, decoded when they are asked for first."""
        if name not in self._leaves:
            value = self._functions[name]
            function = decode("SavedInputs", value) if isinstance(value, bytes) else value
            self._leaves[name] = list(flatten(function.get("canonicalized_input_signature", {})))
        return self._leaves[name]

    def arrange(self, specs: Mapping[str, TensorSpec], find_call: Callable[[], Call | None]) -> Arrangement | None:
        """The flat inputs of a signature, arranged; None where the file does not even tell their order.

        `find_call` is asked only where the names of the inputs leave several functions, or none.
        """
        found: dict[str, tuple[Endpoint, ...]] = {}
        for name in self._by_keywords.get(frozenset(specs), ())[:_MOST_CANDIDATES]:
            arranged = _arrange(specs, self.leaves(name), self._keywords[name])
            if arranged is not None:
                found[name] = arranged
        if len(set(found.values())) == 1:
            return Arrangement(next(iter(found.values())), is_whole=True)
        call = find_call()
        if call is None or set(call.arguments) != specs.keys():
            return None
        if call.function in found:
            return Arrangement(found[call.function], is_whole=True)
        candidates = self._by_stem.get(_stem(call.function), ())[:_MOST_CANDIDATES]
        called = {_arrange(specs, self.leaves(name), call.arguments) for name in candidates} - {None}
        if len(called) == 1:
            return Arrangement(called.pop() or (), is_whole=True)
        return Arrangement(tuple(Endpoint(name=name, spec=specs[name]) for name in call.arguments), is_whole=False)


def _arrange(
    specs: Mapping[str, TensorSpec], leaves: Sequence[Leaf], keywords: Sequence[str]
) -> tuple[Endpoint, ...] | None:
    """The leaves under the names that feed them; None where leaves, names and flat specs do not agree."""
    spend(2 * len(specs))
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
