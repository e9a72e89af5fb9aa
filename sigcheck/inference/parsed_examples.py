"""Parsed examples: what operations that parse serialized Examples want these to hold, by their constants.

The operations are those of parsing_ops.cc, in all versions. Of one whose keys, shapes or defaults are no constants
nothing is said: a feature that was left out would pass for one that nobody needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.inference.operands import shape_of, texts_of
from sigcheck.schema.budget import spend
from sigcheck.schema.example_features import MOST_FEATURES, Feature, Features

EXAMPLE_PARSERS = frozenset({"ParseExample", "ParseExampleV2", "ParseSingleExample"})
SEQUENCE_PARSERS = frozenset({"ParseSequenceExample", "ParseSequenceExampleV2", "ParseSingleSequenceExample"})

_DTYPES = frozenset({"float32", "int64", "string"})
# In microseconds: a feature is a value that is checked.
_STEPS_OF_FEATURE = 20


class _Unknown(Exception):  # noqa: N818  # no error: something is not a constant
    """The features are not known, or no Example has all of them."""


def features_of(graph: Graph, parsers: Iterable[Node]) -> Features | None:
    """What each Example must hold that all of these operations parse; None where that is not known."""
    found: dict[str, Feature] = {}
    try:
        for node in parsers:
            for name, feature in _READ[node.op](_Operation(graph, node)):
                spend(_STEPS_OF_FEATURE)
                found[name] = feature if name not in found else _both(found[name], feature)
    except (_Unknown, ValueError, LookupError, TypeError, AttributeError):
        # No constant; fewer operands than the operation has, or attributes of another kind: a broken graph.
        return None
    return Features(named=tuple(sorted(found.items()))) if 0 < len(found) <= MOST_FEATURES else None


class _Operation(NamedTuple):
    graph: Graph
    node: Node

    def attribute(self, name: str) -> tuple[Any, ...]:
        """The list of an attribute: an empty one is often not written."""
        value = self.node.attributes.get(name, ())
        return value if isinstance(value, tuple) else ()

    def count(self, name: str) -> int:
        value = self.node.attributes.get(name, 0)
        if not isinstance(value, int) or not 0 <= value <= len(self.node.inputs):
            raise _Unknown
        return value

    def operands(self, start: int, count: int | None = None) -> Sequence[Tensor | None]:
        return self.node.inputs[start : None if count is None else start + count]

    def texts(self, at: int) -> tuple[str, ...]:
        """The texts of one operand."""
        found = texts_of(self.graph, self.node.inputs[at]) if at < len(self.node.inputs) else None
        if found is None:
            raise _Unknown
        return found

    def single_texts(self, start: int, count: int) -> tuple[str, ...]:
        """The texts of several operands, each of one."""
        return tuple(text for at in range(start, start + count) for text in self.texts(at))

    def open(self, keys: Sequence[str], types: str, *, per_step: bool = False) -> Iterator[tuple[str, Feature]]:
        """Yields features of any number of values: those of sparse and of ragged tensors."""
        for key, dtype in self._paired(keys, self.attribute(types)):
            yield key, _feature(dtype, (None,), is_optional=False, is_per_step=per_step)

    def fixed(
        self, keys: Sequence[str], types: str, shapes: str, defaults: Sequence[Tensor | None]
    ) -> Iterator[tuple[str, Feature]]:
        """Yields features of known shape, or of any number of rows; a default of no values is none."""
        laid_out = self.attribute(shapes)
        for (key, dtype), shape, default in zip(
            self._paired(keys, self.attribute(types)), laid_out, defaults, strict=True
        ):
            if shape is None:
                raise _Unknown
            has_default = None not in shape and 0 not in self._shape_of(default)
            yield key, _feature(dtype, shape, is_optional=has_default, is_per_step=False)

    def _shape_of(self, default: Tensor | None) -> tuple[int | None, ...]:
        """The shape of a default before it is laid out as its feature."""
        node = self.graph.nodes[default.node] if default is not None else None
        told = shape_of(self.graph, node.inputs[0] if node is not None and node.op == "Reshape" else default)
        if told is None or None in told:
            raise _Unknown
        return told

    def stepwise(
        self, keys: Sequence[str], types: str, shapes: str, empty: Sequence[str]
    ) -> Iterator[tuple[str, Feature]]:
        """Yields features that each step has in one shape; `empty` may be absent."""
        for (key, dtype), shape in zip(self._paired(keys, self.attribute(types)), self.attribute(shapes), strict=True):
            if shape is None:
                raise _Unknown
            yield key, _feature(dtype, shape, is_optional=key in empty, is_per_step=True)

    @staticmethod
    def _paired(keys: Sequence[str], types: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        return zip(keys, types, strict=True)


def _feature(dtype: Any, shape: Sequence[int | None], *, is_optional: bool, is_per_step: bool) -> Feature:
    if dtype not in _DTYPES:
        raise _Unknown
    return Feature(dtype=dtype, shape=tuple(shape), optional=is_optional, per_step=is_per_step)


def _both(one: Feature, other: Feature) -> Feature:
    """What a feature is that is parsed in two ways. Raises _Unknown where none is both."""
    if (one.dtype, one.per_step) != (other.dtype, other.per_step):
        raise _Unknown
    if one.count is None and other.count is not None:
        one, other = other, one
    if one.count is not None:
        if other.count not in {None, one.count} or (other.count is None and one.count % max(other.row, 1)):
            raise _Unknown
        return one.model_copy(update={"optional": one.optional and other.may_be_absent})
    if one.row != other.row:
        if 1 not in {one.row, other.row}:
            raise _Unknown
        return one if other.row == 1 else other
    return one


def _example(told: _Operation) -> Iterator[tuple[str, Feature]]:
    sparse, dense = told.count("Nsparse"), told.count("Ndense")
    yield from told.open(told.single_texts(2, sparse), "sparse_types")
    keys = told.single_texts(2 + sparse, dense)
    yield from told.fixed(keys, "Tdense", "dense_shapes", told.operands(2 + sparse + dense))


def _example_v2(told: _Operation) -> Iterator[tuple[str, Feature]]:
    yield from told.open(told.texts(2), "sparse_types")
    yield from told.fixed(told.texts(3), "Tdense", "dense_shapes", told.operands(5))
    yield from told.open(told.texts(4), "ragged_value_types")


def _single(told: _Operation) -> Iterator[tuple[str, Feature]]:
    yield from told.open(told.attribute("sparse_keys"), "sparse_types")
    yield from told.fixed(told.attribute("dense_keys"), "Tdense", "dense_shapes", told.operands(1))


def _sequence(told: _Operation) -> Iterator[tuple[str, Feature]]:
    names, lists = told.attribute, told.attribute("feature_list_dense_keys")
    yield from told.open(names("context_sparse_keys"), "context_sparse_types")
    yield from told.fixed(names("context_dense_keys"), "Tcontext_dense", "context_dense_shapes", told.operands(2))
    yield from told.open(names("feature_list_sparse_keys"), "feature_list_sparse_types", per_step=True)
    empty = names("feature_list_dense_missing_assumed_empty")
    yield from told.stepwise(lists, "feature_list_dense_types", "feature_list_dense_shapes", empty)


def _sequence_v2(told: _Operation) -> Iterator[tuple[str, Feature]]:
    yield from told.open(told.texts(2), "context_sparse_types")
    yield from told.fixed(told.texts(3), "Tcontext_dense", "context_dense_shapes", told.operands(9))
    yield from told.open(told.texts(4), "context_ragged_value_types")
    yield from told.open(told.texts(5), "feature_list_sparse_types", per_step=True)
    # Which of them may be absent is a truth for each here, not a name.
    keys = told.texts(6)
    missing = _truths(told, 8, len(keys))
    empty = [key for key, may_miss in zip(keys, missing, strict=True) if may_miss]
    yield from told.stepwise(keys, "feature_list_dense_types", "feature_list_dense_shapes", empty)
    yield from told.open(told.texts(7), "feature_list_ragged_value_types", per_step=True)


def _truths(told: _Operation, at: int, count: int) -> Sequence[bool]:
    node = told.graph.nodes[tensor.node] if (tensor := told.node.inputs[at]) is not None else None
    value = None if node is None else node.attributes.get("value")
    if count and (value is None or value.values is None or len(value.values) != count):
        raise _Unknown
    return [bool(one) for one in value.values] if count and value is not None else []


def _single_sequence(told: _Operation) -> Iterator[tuple[str, Feature]]:
    counts = [told.count(f"N{name}") for name in ("context_sparse", "context_dense", "feature_list_sparse")]
    counts.append(told.count("Nfeature_list_dense"))
    at, keys = 2, []
    for count in counts:
        keys.append(told.single_texts(at, count))
        at += count
    sparse, dense, list_sparse, list_dense = keys
    yield from told.open(sparse, "context_sparse_types")
    yield from told.fixed(dense, "Tcontext_dense", "context_dense_shapes", told.operands(at, len(dense)))
    yield from told.open(list_sparse, "feature_list_sparse_types", per_step=True)
    yield from told.stepwise(list_dense, "feature_list_dense_types", "feature_list_dense_shapes", told.texts(1))


_READ: Mapping[str, Callable[[_Operation], Iterator[tuple[str, Feature]]]] = {
    "ParseExample": _example,
    "ParseExampleV2": _example_v2,
    "ParseSingleExample": _single,
    "ParseSequenceExample": _sequence,
    "ParseSequenceExampleV2": _sequence_v2,
    "ParseSingleSequenceExample": _single_sequence,
}
