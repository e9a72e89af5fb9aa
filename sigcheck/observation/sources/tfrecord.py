"""Records of serialized `tf.train.Example` or `SequenceExample`. No TensorFlow: messages are read by protobuf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

import numpy as np

from sigcheck.observation.asked import Asked
from sigcheck.observation.batching import in_batches
from sigcheck.observation.column import Batch, Column
from sigcheck.observation.feature_lists import Lists, kinds_of, lists_of, require_feature
from sigcheck.observation.framed import COPY, records
from sigcheck.observation.lists import empty_lists
from sigcheck.observation.observer import require_few
from sigcheck.observation.proto import Tables, message_class, require_protobuf
from sigcheck.schema.errors import SourceError
from sigcheck.schema.example_features import Feature, Features

NAME = "tfrecord"
SUFFIXES: tuple[str, ...] = (".tfrecord", ".tfrecords", ".tfrec", ".record")

# example.proto, feature.proto, with the features left as they are. An Example is a SequenceExample of one field.
_TABLES: Tables = {
    "Features": {"feature": "1 bytes map"},
    "FeatureList": {"feature": "1 bytes many"},
    "FeatureLists": {"feature_list": "1 FeatureList map"},
    "SequenceExample": {"context": "1 Features", "feature_lists": "2 FeatureLists"},
}
_DTYPES = {"bytes_list": "string", "float_list": "float32", "int64_list": "int64"}
_Example = tuple[int, Any]


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The features of the examples, each a tensor of its name; of features that are asked for these alone."""
    for examples in in_batches(_examples(file, place)):
        try:
            found = list(_batches(examples, place, asked.features))
        except ValueError:
            at, whole = _first_broken(examples)
            yield from _batches(whole, place, asked.features)
            raise SourceError(f"{place}: record {at}", f"no tf.train.Example. {COPY}") from None
        yield from found


def _examples(file: BinaryIO, place: str) -> Iterator[tuple[_Example, int]]:
    broken = require_protobuf(place, "examples")
    message = _message()
    for index, record in enumerate(records(file, place)):
        try:
            example = message.FromString(record)
        except broken:
            raise SourceError(f"{place}: record {index}", f"no tf.train.Example. {COPY}") from None
        yield (index, example), len(record)


@lru_cache(maxsize=1)
def _message() -> Any:
    return message_class("sigcheck_example", _TABLES, "SequenceExample")


def _first_broken(examples: list[_Example]) -> tuple[int, list[_Example]]:
    """The number of the first record with what is no feature, and the examples before it."""
    for at, (index, example) in enumerate(examples):
        steps = (step for listed in example.feature_lists.feature_list.values() for step in listed.feature)
        try:
            for feature in (*example.context.feature.values(), *steps):
                require_feature(feature)
        except ValueError:
            return index, examples[:at]
    raise AssertionError("a batch that cannot be read has a record that cannot")


def _batches(examples: list[_Example], place: str, wanted: Features | None) -> Iterator[Batch]:
    features: dict[str, list[bytes]] = {}
    steps: dict[str, list[Sequence[bytes]]] = {}
    for _, example in examples:
        for name, feature in example.context.feature.items():
            features.setdefault(name, []).append(feature)
        for name, listed in example.feature_lists.feature_list.items():
            steps.setdefault(name, []).append(listed.feature)
    require_few({*features, *steps}, place)
    found = {
        name: [_column(name, one, len(examples), place, None if wanted is None else wanted.get(name))]
        for name, one in features.items()
        if wanted is None or wanted.get(name) is not None
    }
    found |= {
        name: _by_width(name, one, len(examples), place)
        for name, one in steps.items()
        if wanted is None or wanted.get(name) is not None
    }
    yield Batch({name: columns[0] for name, columns in found.items()}, len(examples))
    # Of a width that others in these rows have not: the rows are counted already.
    yield from (Batch({name: one}, 0) for name, columns in found.items() for one in columns[1:])


def _column(name: str, features: list[bytes], rows: int, place: str, wanted: Feature | None) -> Column:
    kinds = kinds_of(features)
    # A feature without a list of any kind is missing, as for TensorFlow.
    there = [feature for feature, kind in zip(features, kinds, strict=True) if kind is not None]
    kind = _one_kind(kinds, f"{place}: {name}", "records")
    if kind is None:
        return empty_lists(0, rows)
    values, lengths = lists_of(there, kind)
    if wanted is None:
        return Column(values, lengths, rows - len(there))
    return _shaped(Lists(values, lengths), wanted, rows - len(there), _DTYPES[kind], f"{place}: {name}")


def _shaped(lists: Lists, wanted: Feature, missing: int, dtype: str, place: str) -> Column:
    """The column in the shape that is asked for. Raises SourceError where its values have another."""
    values, lengths = lists
    told = f"expected {wanted}, as the features say. Correct one of the two."
    if dtype != wanted.dtype:
        raise SourceError(place, f"values of {dtype}, {told}")
    width = wanted.row
    is_open = wanted.count is None
    odd = lengths[(lengths % width != 0) if is_open and width else (lengths != width)]
    if len(odd):
        raise SourceError(place, f"{odd[0]} values in a record, {told}")
    sizes = tuple(size or 0 for size in wanted.shape)
    if not is_open:
        return Column(values.reshape(len(lengths), *sizes), missing=missing)
    counts = lengths // max(1, width)
    return Column(values.reshape(int(counts.sum()), *sizes[1:]), counts, missing)


def _by_width(name: str, rows: list[Sequence[bytes]], count: int, place: str) -> list[Column]:
    """Steps as rows of varying length, of shape [all steps, width]; those of each width for themselves."""
    steps = [step for row in rows for step in row]
    kinds = kinds_of(steps)
    kind = _one_kind(kinds, f"{place}: {name}", "steps")
    missing = count - len(rows)
    if kind is None:
        return [empty_lists(len(rows), missing)]
    there = [step for step, own in zip(steps, kinds, strict=True) if own is not None]
    values, own_lengths = lists_of(there, kind)
    # A step without a list is one without a value.
    widths = np.zeros(len(steps), np.int64)
    widths[[own is not None for own in kinds]] = own_lengths
    counts = np.array([len(row) for row in rows])
    ends, behind = np.cumsum(counts), np.concatenate([[0], np.cumsum(widths)])
    of_width: dict[int, list[int]] = {}
    for at, end in enumerate(ends.tolist()):
        own = widths[end - counts[at] : end]
        if not len(own):
            continue
        if own.min() != own.max():
            problem = f"{name}: steps of {own.min()} to {own.max()} values, expected one width. Leave it out."
            raise SourceError(place, problem)
        of_width.setdefault(int(own[0]), []).append(at)
    empty = int((counts == 0).sum())
    columns = [empty_lists(empty, missing)] if empty else []
    for width, places in of_width.items():
        parts = [values[behind[ends[at] - counts[at]] : behind[ends[at]]] for at in places]
        joined = np.concatenate(parts)
        shaped = joined if width == 1 else joined.reshape(int(counts[places].sum()), width)
        columns.append(Column(shaped, counts[places], 0 if columns else missing))
    return columns


def _one_kind(kinds: list[str | None], place: str, what: str) -> str | None:
    """The kind of all; None where there is none. Raises SourceError where there are several."""
    found = sorted({kind for kind in kinds if kind is not None})
    if len(found) > 1:
        raise SourceError(place, f"{' and '.join(found)}, expected one kind in all {what}. Split it.")
    return found[0] if found else None
