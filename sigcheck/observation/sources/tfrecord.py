"""Records of serialized `tf.train.Example` or `SequenceExample`, as TFRecordWriter writes them.

The format: https://www.tensorflow.org/tutorials/load_data/tfrecord. No TensorFlow: frames are read here, their
checksums by google-crc32c, messages by protobuf, from the fields of `tensorflow/core/example`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO

import numpy as np

from sigcheck.observation.batching import in_batches
from sigcheck.observation.column import Array, Batch, Column
from sigcheck.observation.lists import column_of, empty_lists, texts_of
from sigcheck.observation.observer import require_few
from sigcheck.schema.errors import SourceError

NAME = "tfrecord"
SUFFIXES: tuple[str, ...] = (".tfrecord", ".tfrecords", ".tfrec", ".record")

_HEAD, _FOOT = 12, 4
# TFRecord has no limit; a record of more is no example but a wrong length.
_MOST_BYTES = 1 << 30
_MASK_DELTA = 0xA282EAD8
_COPY = "What stands before was read: copy the file again."


def batches(file: BinaryIO, place: str, name: str) -> Iterator[Batch]:
    """The features of the examples, each a tensor of its name."""
    for rows in in_batches(_examples(file, place)):
        yield from _batches(rows, place)


def _examples(file: BinaryIO, place: str) -> Iterator[tuple[Any, int]]:
    parse = _parser(place)
    for index, record in enumerate(_records(file, place)):
        yield parse(record, f"{place}: record {index}"), len(record)


def _records(file: BinaryIO, place: str) -> Iterator[bytes]:
    checksum = _checksum(place)
    at = index = 0
    while head := file.read(_HEAD):
        if len(head) < _HEAD:
            raise SourceError(place, f"record {index}, byte {at}: cut short in its head. {_COPY}")
        length, crc = struct.unpack("<QI", head)
        if checksum(head[:8]) != crc:
            raise SourceError(place, f"record {index}, byte {at}: the checksum of its length is wrong. {_COPY}")
        if length > _MOST_BYTES:
            raise SourceError(place, f"record {index}, byte {at}: {length} bytes, expected an example. {_COPY}")
        body = file.read(length + _FOOT)
        if len(body) < length + _FOOT:
            raise SourceError(
                place, f"record {index}, byte {at}: cut short, {len(body)} of {length + _FOOT} bytes. {_COPY}"
            )
        record = body[:length]
        if checksum(record) != struct.unpack("<I", body[length:])[0]:
            raise SourceError(place, f"record {index}, byte {at}: its checksum is wrong. {_COPY}")
        yield record
        at += _HEAD + length + _FOOT
        index += 1


def _checksum(place: str) -> Callable[[bytes], int]:
    try:
        from google_crc32c import value
    except ImportError:
        raise SourceError(place, "records, which need an extra to be read: pip install 'sigcheck[observe]'.") from None

    def masked(data: bytes) -> int:
        crc = int(value(data))
        return ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF

    return masked


def _parser(place: str) -> Callable[[bytes, str], Any]:
    """What reads the example of a record, and raises SourceError at its place where it is none."""
    try:
        from google.protobuf.message import DecodeError

        message = _message()
    except ImportError:
        raise SourceError(place, "examples, which need an extra to be read: pip install 'sigcheck[observe]'.") from None

    def parse(record: bytes, at: str) -> Any:
        try:
            return message.FromString(record)
        except DecodeError:
            raise SourceError(at, f"no tf.train.Example. {_COPY}") from None

    return parse


@lru_cache(maxsize=1)
def _message() -> Any:
    """The class of SequenceExample: an Example is one that has only its first field."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="sigcheck_example.proto", package="sigcheck_example", syntax="proto3"
    )

    def message(
        name: str, *fields: tuple[str, int, Any, str | None, bool, int | None], oneof: str | None = None
    ) -> Any:
        made = file.message_type.add(name=name)
        if oneof:
            made.oneof_decl.add(name=oneof)
        for field, number, kind, type_name, is_many, index in fields:
            label = kinds.LABEL_REPEATED if is_many else kinds.LABEL_OPTIONAL
            one = made.field.add(name=field, number=number, type=kind, label=label)
            if type_name:
                one.type_name = f".sigcheck_example.{type_name}"
            if index is not None:
                one.oneof_index = index
        return made

    def mapped(name: str, field: str, value: str) -> None:
        entry = f"{field.title().replace('_', '')}Entry"
        made = message(name, (field, 1, kinds.TYPE_MESSAGE, f"{name}.{entry}", True, None))
        inner = made.nested_type.add(name=entry)
        inner.options.map_entry = True
        inner.field.add(name="key", number=1, type=kinds.TYPE_STRING, label=kinds.LABEL_OPTIONAL)
        inner.field.add(
            name="value",
            number=2,
            type=kinds.TYPE_MESSAGE,
            label=kinds.LABEL_OPTIONAL,
            type_name=f".sigcheck_example.{value}",
        )

    message("BytesList", ("value", 1, kinds.TYPE_BYTES, None, True, None))
    message("FloatList", ("value", 1, kinds.TYPE_FLOAT, None, True, None))
    message("Int64List", ("value", 1, kinds.TYPE_INT64, None, True, None))
    message(
        "Feature",
        ("bytes_list", 1, kinds.TYPE_MESSAGE, "BytesList", False, 0),
        ("float_list", 2, kinds.TYPE_MESSAGE, "FloatList", False, 0),
        ("int64_list", 3, kinds.TYPE_MESSAGE, "Int64List", False, 0),
        oneof="kind",
    )
    mapped("Features", "feature", "Feature")
    message("FeatureList", ("feature", 1, kinds.TYPE_MESSAGE, "Feature", True, None))
    mapped("FeatureLists", "feature_list", "FeatureList")
    message(
        "SequenceExample",
        ("context", 1, kinds.TYPE_MESSAGE, "Features", False, None),
        ("feature_lists", 2, kinds.TYPE_MESSAGE, "FeatureLists", False, None),
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("sigcheck_example.SequenceExample"))


def _batches(rows: list[Any], place: str) -> Iterator[Batch]:
    features: dict[str, list[Any]] = {}
    steps: dict[str, list[Any]] = {}
    for row in rows:
        for name, feature in row.context.feature.items():
            features.setdefault(name, []).append(feature)
        for name, listed in row.feature_lists.feature_list.items():
            steps.setdefault(name, []).append(listed.feature)
    require_few({*features, *steps}, place)
    found = {name: [_column(name, one, len(rows), place)] for name, one in features.items()}
    found |= {name: _by_width(name, one, len(rows), place) for name, one in steps.items()}
    yield Batch({name: columns[0] for name, columns in found.items()}, len(rows))
    # Of a width that others in these rows have not: the rows are counted already.
    yield from (Batch({name: one}, 0) for name, columns in found.items() for one in columns[1:])


def _column(name: str, features: list[Any], rows: int, place: str) -> Column:
    # A feature without a list of any kind is missing, as for TensorFlow.
    features = [feature for feature in features if feature.WhichOneof("kind")]
    kinds = {feature.WhichOneof("kind") for feature in features}
    if len(kinds) > 1:
        raise SourceError(place, f"{name}: {' and '.join(sorted(kinds))}, expected one kind in all records. Split it.")
    if not kinds:
        return empty_lists(0, rows)
    kind = kinds.pop()
    values = [_array(feature, kind) for feature in features]
    return column_of(values, rows - len(values))


def _by_width(name: str, rows: list[Any], count: int, place: str) -> list[Column]:
    """Steps as rows of varying length, of shape [all steps, width]; those of each width for themselves."""
    kinds = {kind for row in rows for kind in (feature.WhichOneof("kind") for feature in row) if kind}
    if len(kinds) > 1:
        raise SourceError(place, f"{name}: {' and '.join(sorted(kinds))}, expected one kind in all steps. Split it.")
    missing = count - len(rows)
    if not kinds:
        return [empty_lists(len(rows), missing)]
    kind = kinds.pop()
    found: dict[int, tuple[list[Array], list[int]]] = {}
    empty = 0
    for row in rows:
        steps = [_array(feature, kind) for feature in row]
        widths = {len(step) for step in steps}
        if len(widths) > 1:
            problem = f"{name}: steps of {min(widths)} to {max(widths)} values, expected one width. Leave it out."
            raise SourceError(place, problem)
        if not steps:
            empty += 1
            continue
        of_width, lengths = found.setdefault(len(steps[0]), ([], []))
        of_width += steps
        lengths.append(len(steps))
    columns = [empty_lists(empty, missing)] if empty else []
    for width, (steps, lengths) in found.items():
        values = np.stack(steps)
        column = Column(values[:, 0] if width == 1 else values, np.array(lengths), 0 if columns else missing)
        columns.append(column)
    return columns


def _array(feature: Any, kind: str) -> Any:
    if kind == "bytes_list":
        return texts_of(feature.bytes_list.value)
    if kind == "float_list":
        return np.array(feature.float_list.value, np.float32)
    return np.array(feature.int64_list.value, np.int64)
