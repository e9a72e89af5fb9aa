"""Records of serialized `tf.train.Example` or `SequenceExample`. No TensorFlow: messages are read by protobuf."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Array, Batch, Column
from sigcheck.observation.example_entries import Found, Steps, features_by_name, steps_by_name
from sigcheck.observation.feature_lists import KINDS, NO_KIND, Lists, kinds_of, lists_of, require_feature
from sigcheck.observation.framed import blocks
from sigcheck.observation.lists import empty_lists
from sigcheck.observation.observer import require_few
from sigcheck.observation.proto import Tables, message_class, require_protobuf
from sigcheck.observation.spans import OtherFormError, Spans
from sigcheck.observation.unpacked import COPY
from sigcheck.schema.errors import SourceError
from sigcheck.schema.example_features import Feature, Features

NAME = "tfrecord"
SUFFIXES: tuple[str, ...] = (".tfrecord", ".tfrecords", ".tfrec", ".record", ".tfrecord.gz", ".tfrecords.gz")
HEEDS: tuple[str, ...] = ("features",)

# example.proto, feature.proto, with the features left as they are. An Example is a SequenceExample of one field.
_TABLES: Tables = {
    "Features": {"feature": "1 bytes map"},
    "FeatureList": {"feature": "1 bytes many"},
    "FeatureLists": {"feature_list": "1 FeatureList map"},
    "SequenceExample": {"context": "1 Features", "feature_lists": "2 FeatureLists"},
}
_DTYPES = {"bytes_list": "string", "float_list": "float32", "int64_list": "int64"}


class _Seen(NamedTuple):
    """What some records hold: features by name, and of SequenceExamples the steps of each record that has any."""

    features: dict[str, Found]
    steps: dict[str, Steps]


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The features of the examples, each a tensor of its name; of features that are asked for these alone."""
    broken = require_protobuf(place, "examples")
    for first, records in blocks(file, place):
        if asked.are_records:
            yield Batch({asked.name: Column(records.objects())}, len(records))
            continue
        try:
            found = _batches(records, place, asked.features)
        except (broken, ValueError):
            at = _first_broken(records, broken)
            yield from _batches(records[:at], place, asked.features)
            raise SourceError(f"{place}: record {first + at}", f"no tf.train.Example. {COPY}") from None
        yield from found


def _first_broken(records: Spans, broken: type[Exception]) -> int:
    """The number of the first record that is no example, or has what is no feature."""
    return next(at for at, record in enumerate(records.pieces()) if not _is_example(record, broken))


def _is_example(record: bytes, broken: type[Exception]) -> bool:
    try:
        example = _message().FromString(record)
        steps = (step for listed in example.feature_lists.feature_list.values() for step in listed.feature)
        for feature in (*example.context.feature.values(), *steps):
            require_feature(feature)
    except (broken, ValueError):
        return False
    return True


@lru_cache(maxsize=1)
def _message() -> Any:
    return message_class("sigcheck_example", _TABLES, "SequenceExample")


def _seen(records: Spans) -> _Seen:
    try:
        return _Seen(features_by_name(records), {})
    except OtherFormError:
        pass
    try:
        return _Seen(*steps_by_name(records))
    except OtherFormError:
        return _parsed(records)


def _parsed(records: Spans) -> _Seen:
    features: dict[str, list[tuple[int, bytes]]] = {}
    steps: dict[str, list[list[bytes]]] = {}
    for row, record in enumerate(records.pieces()):
        example = _message().FromString(record)
        for name, feature in example.context.feature.items():
            features.setdefault(name, []).append((row, feature))
        for name, listed in example.feature_lists.feature_list.items():
            steps.setdefault(name, []).append(list(listed.feature))
    return _Seen(
        {
            name: Found(np.array([row for row, _ in own]), Spans.joined([feature for _, feature in own]))
            for name, own in features.items()
        },
        {
            name: Steps(np.fromiter(map(len, rows), np.int64), Spans.joined([step for row in rows for step in row]))
            for name, rows in steps.items()
        },
    )


def _batches(records: Spans, place: str, wanted: Features | None) -> list[Batch]:
    """The rows of these records. Raises ValueError or what protobuf does where one is no example."""
    features, steps = _seen(records)
    require_few({*features, *steps}, place)
    found = {
        name: [_column(name, one, len(records), place, None if wanted is None else wanted.get(name))]
        for name, one in features.items()
        if wanted is None or wanted.get(name) is not None
    }
    found |= {
        name: _by_width(name, one, len(records), place)
        for name, one in steps.items()
        if wanted is None or wanted.get(name) is not None
    }
    # Of a width that others in these rows have not: the rows are counted already.
    others = [Batch({name: one}, 0) for name, columns in found.items() for one in columns[1:]]
    return [Batch({name: columns[0] for name, columns in found.items()}, len(records)), *others]


def _column(name: str, found: Found, rows: int, place: str, wanted: Feature | None) -> Column:
    there, known = found.features, found.values
    if known is None:
        kinds = kinds_of(there)
        # A feature without a list of any kind is missing, as for TensorFlow.
        has_kind = kinds != NO_KIND
        there = there if has_kind.all() else there[has_kind]
        kind = _one_kind(kinds, f"{place}: {name}", "records")
        if kind is None:
            return empty_lists(0, rows)
        values, lengths = lists_of(there, kind)
    else:
        kind = known.kind
        values, lengths = lists_of(there, kind, known.spans)
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


def _by_width(name: str, seen: Steps, count: int, place: str) -> list[Column]:
    """Steps as rows of varying length, of shape [all steps, width]; those of each width for themselves."""
    counts, steps = seen
    kinds = kinds_of(steps)
    kind = _one_kind(kinds, f"{place}: {name}", "steps")
    missing = count - len(counts)
    if kind is None:
        return [empty_lists(len(counts), missing)]
    has_kind = kinds != NO_KIND
    values, own_lengths = lists_of(steps[has_kind], kind)
    # A step without a list is one without a value.
    widths = np.zeros(len(steps), np.int64)
    widths[has_kind] = own_lengths
    some = counts[counts > 0]
    starts = np.cumsum(some) - some
    least, greatest = np.minimum.reduceat(widths, starts), np.maximum.reduceat(widths, starts)
    odd = np.flatnonzero(least != greatest)
    if len(odd):
        problem = f"{name}: steps of {least[odd[0]]} to {greatest[odd[0]]} values, expected one width. Leave it out."
        raise SourceError(place, problem)
    empty = len(counts) - len(some)
    columns = [empty_lists(empty, missing)] if empty else []
    each = list(dict.fromkeys(least.tolist()))
    of_value = np.repeat(least, some * least)
    for width in each:
        chosen = some if len(each) == 1 else some[least == width]
        own = values if len(each) == 1 else values[of_value == width]
        shaped = own if width == 1 else own.reshape(int(chosen.sum()), width)
        columns.append(Column(shaped, chosen, 0 if columns else missing))
    return columns


def _one_kind(kinds: Array, place: str, what: str) -> str | None:
    """The kind of all; None where there is none. Raises SourceError where there are several."""
    found = sorted(kind for at, kind in enumerate(KINDS) if (kinds == at).any())
    if len(found) > 1:
        raise SourceError(place, f"{' and '.join(found)}, expected one kind in all {what}. Split it.")
    return found[0] if found else None
