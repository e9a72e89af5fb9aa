"""Tensors: what TFX makes of the features of a schema (tfx_bsl/tfxio/tensor_representation_util.py).

A tensor representation says it; of features that none speaks for, one with a shape that is always present is dense,
any other sparse, or ragged where the schema says so. A feature of type STRUCT holds those that each step of a
`tf.train.SequenceExample` has: each is ragged, with the steps before the values of a step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.readers import parsed_features
from sigcheck.readers.tfx_schema.domain import facts_of, named_axes
from sigcheck.readers.tfx_schema.messages import DTYPES, INT32, STRUCT, UNUSED_STAGES
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.shape import MAX_SIZE
from sigcheck.schema.signature import Endpoint, Note
from sigcheck.schema.tensor_spec import TensorSpec

_UNKNOWN = TensorSpec(dtype=None, shape=None)
# The group that TFX takes where none is named.
_GROUP = ""


class Tensors(NamedTuple):
    """The tensors of a schema, and notes on what of it is none."""

    ends: tuple[Endpoint, ...]
    notes: tuple[Note, ...]


def read_tensors(schema: Message, features: Mapping[str, Message]) -> Tensors:
    """The tensors of these features, those that a representation names first.

    Raises ValueError or KeyError where a representation or a sparse feature names a feature that is not there.
    """
    reader = _Reader(schema, features)
    groups = schema.get("tensor_representation_group", {})
    ends: dict[str, TensorSpec] = {}
    for name, one in groups.get(_GROUP, {}).get("tensor_representation", {}).items():
        spec = reader.represented(name, one)
        if spec is not None:
            ends[name] = spec
    for name, spec in reader.inferred(schema):
        # As in TFX, a representation goes before a feature of its name.
        ends.setdefault(name, spec)
    spend(STEPS_OF_ENDPOINT * len(ends))
    for group in groups:
        if group != _GROUP:
            reader.note(group, "a group of tensor representations that is not the default: not read")
    return Tensors(tuple(Endpoint(name=name, spec=spec) for name, spec in ends.items()), tuple(reader.notes))


def is_used(feature: Message) -> bool:
    """Whether TFX makes a tensor of a feature, or sparse feature."""
    return not feature.get("deprecated", False) and feature.get("lifecycle_stage", 0) not in UNUSED_STAGES


class _Reader:
    def __init__(self, schema: Message, features: Mapping[str, Message]) -> None:
        self._all = {name for one in schema.get("feature", ()) for name, *_ in _leaves(one)}
        leaves = [leaf for one in features.values() for leaf in _leaves(one)]
        self._features = {name: leaf for name, leaf, _ in leaves}
        self._left = dict(self._features)
        self._of_steps = {name for name, _, is_of_steps in leaves if is_of_steps}
        self._domains = {
            one["name"]: one for side in ("int_domain", "float_domain") for one in schema.get(side, ()) if "name" in one
        }
        self._is_ragged = schema.get("represent_variable_length_as_ragged", False)
        self.notes: list[Note] = []

    def note(self, place: str, message: str) -> None:
        self.notes.append(Note(place=place, message=message))

    def represented(self, name: str, written: Message) -> TensorSpec | None:
        """The tensor of a representation; None where its feature is one that is not taken."""
        kind, one = self._kind(written)
        if kind == "ragged_tensor":
            return self._ragged(name, one)
        if kind == "sparse_tensor":
            columns = [*one.get("index_column_names", ()), one.get("value_column_name", "")]
            return self._sparse(name, columns, [size.get("size") for size in one.get("dense_shape", {}).get("dim", ())])
        feature = self._take(name, one.get("column_name", ""))
        if feature is None:
            return None
        dtype, facts = self._values(name, feature)
        if kind == "varlen_sparse_tensor":
            return parsed_features.variable(dtype, facts)
        if kind != "dense_tensor":
            self.note(name, "a tensor representation of a kind that is not known")
            return _UNKNOWN
        if "default_value" not in one and not _is_always_there(feature):
            self.note(name, "an example may lack it, and no default stands for it: parsing such an example fails")
        return _dense(dtype, one.get("shape", {}), facts)

    @staticmethod
    def _kind(written: Message) -> tuple[str, Message]:
        """The one field that says what a representation is, and what it holds."""
        for kind, one in written.items():
            return kind, one
        return "", {}

    def inferred(self, schema: Message) -> Iterator[tuple[str, TensorSpec]]:
        """Yields the tensors of features that no representation speaks for."""
        for one in schema.get("sparse_feature", ()):
            indices = [index.get("name", "") for index in one.get("index_feature", ())]
            if is_used(one) and {*indices, one.get("value_feature", {}).get("name", "")} & self._features.keys():
                domains = [self._features.get(name, {}).get("int_domain") for name in indices]
                spec = self._sparse(one["name"], [*indices, one["value_feature"].get("name", "")], _sizes(domains))
                if spec is not None and not all(map(_is_of_indices, domains)):
                    self.note(one["name"], "indices whose domain is not from 0 to a number: TFX makes no tensor of it")
                    spec = _UNKNOWN
                if spec is not None:
                    yield one["name"], spec
        for name, feature in list(self._left.items()):
            yield name, self._of_feature(name, feature)

    def _of_feature(self, name: str, feature: Message) -> TensorSpec:
        dtype, facts = self._values(name, feature)
        if dtype is None:
            return _UNKNOWN
        if name in self._of_steps:
            return parsed_features.ragged(dtype, [None], "int64", facts)
        if "shape" not in feature:
            return (
                parsed_features.ragged(dtype, row_splits_dtype="int64", facts=facts)
                if self._is_ragged
                else parsed_features.variable(dtype, facts)
            )
        if not _is_always_there(feature):
            self.note(name, "a shape, but not present in all examples (min_fraction: 1): TFX makes no tensor of it")
            return _UNKNOWN
        return _dense(dtype, feature["shape"], facts)

    def _take(self, name: str, column: str) -> Message | None:
        """The feature that a tensor is made of, which becomes no tensor of its own."""
        if column not in self._all:
            raise ValueError(f"{name} is made of {column[:80]!r}, which is no feature")
        self._left.pop(column, None)
        return self._features.get(column)

    def _sparse(self, name: str, columns: list[str], sizes: list[int | None]) -> TensorSpec | None:
        *_, values = (self._take(name, column) for column in columns)
        if values is None:
            return None
        dtype, facts = self._values(name, values)
        return parsed_features.sparse(dtype, sizes, facts)

    def _ragged(self, name: str, written: Message) -> TensorSpec | None:
        steps = written.get("feature_path", {}).get("step", [])
        column = ".".join(steps)
        if len(steps) != 1 and column not in self._of_steps:
            self.note(name, "made of a feature inside of others: not known")
            return _UNKNOWN
        partitions = written.get("partition", ())
        for one in partitions:
            if "row_length" in one:
                self._take(name, one["row_length"])
        values = self._take(name, column)
        if values is None:
            return None
        dtype, facts = self._values(name, values)
        splits = "int32" if written.get("row_partition_dtype") == INT32 else "int64"
        lengths = [*([None] if len(steps) > 1 else ()), *(one.get("uniform_row_length") for one in partitions)]
        return parsed_features.ragged(dtype, lengths, splits, facts)  # type: ignore[arg-type]  # one of the two

    def _values(self, name: str, feature: Message) -> tuple[str | None, Facts]:
        dtype = DTYPES.get(feature.get("type", 0))
        if dtype is None:
            self.note(name, "neither bytes nor whole numbers nor floats: TFX makes no tensor of it")
            return None, NO_FACTS
        return dtype, facts_of(feature, self._domains)


def _leaves(feature: Message) -> Iterator[tuple[str, Message, bool]]:
    """Yields a feature by its name, or those of a step by their paths; and whether it is one of these."""
    held = feature.get("struct_domain", {}).get("feature", ()) if feature.get("type") == STRUCT else ()
    if not held:
        yield feature["name"], feature, False
    for one in held:
        yield f"{feature['name']}.{one['name']}", one, True


def _dense(dtype: str | None, shape: Message, facts: Facts) -> TensorSpec:
    spec = parsed_features.fixed(dtype, [one.get("size") for one in shape.get("dim", ())])
    return spec.replace(facts=named_axes(facts, shape, spec))


def _is_always_there(feature: Message) -> bool:
    return bool(feature.get("presence", {}).get("min_fraction", 0) == 1)


def _is_of_indices(domain: Message | None) -> bool:
    return domain is None or (domain.get("min") == 0 and _is_size(domain))


def _sizes(domains: Sequence[Message | None]) -> list[int | None]:
    """The sizes of the axes of a sparse feature, as TFX knows them: one more than the greatest index.

    It does not ask the feature itself, which may have a `dense_shape`.
    """
    return [one["max"] + 1 if one is not None and _is_size(one) else None for one in domains]


def _is_size(domain: Message) -> bool:
    """Whether one more than the greatest value is a size: TFX makes a shape of it whatever it is."""
    most: int = domain.get("max", -1)
    return 0 <= most < MAX_SIZE
