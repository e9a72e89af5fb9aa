"""Protocol buffers: classes of messages made of tables, so that no generated code and no TensorFlow is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigcheck.schema.errors import SourceError

# By the name of a message those of its fields, each as "NUMBER KIND", "NUMBER KIND many" or "NUMBER KIND map": a map is
# from texts. A kind is a type of protobuf, or the name of a message in the tables.
Tables = Mapping[str, Mapping[str, str]]

_MAP = "map"


def message_class(package: str, tables: Tables, wanted: str) -> Any:
    """The class of a message. Raises ImportError where protobuf is not installed."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")

    def add(message: Any, name: str, number: int, kind: str, *, is_many: bool = False) -> None:
        field = message.field.add(name=name, number=number)
        field.label = kinds.LABEL_REPEATED if is_many else kinds.LABEL_OPTIONAL
        field.type = kinds.TYPE_MESSAGE if "." in kind or kind in tables else getattr(kinds, f"TYPE_{kind.upper()}")
        if field.type == kinds.TYPE_MESSAGE:
            field.type_name = f".{package}.{kind}"

    for name, fields in tables.items():
        message = file.message_type.add(name=name)
        for field, written in fields.items():
            number, kind, *form = written.split()
            if form == [_MAP]:
                entry = message.nested_type.add(name=f"{field.title().replace('_', '')}Entry")
                entry.options.map_entry = True
                add(entry, "key", 1, "string")
                add(entry, "value", 2, kind)
                kind = f"{name}.{entry.name}"
            add(message, field, int(number), kind, is_many=bool(form))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.{wanted}"))


def require_protobuf(place: str, what: str) -> Any:
    """What protobuf raises of bytes that are no message. Raises SourceError at `place` where it is not installed."""
    try:
        from google.protobuf.message import DecodeError
    except ImportError:
        raise SourceError(place, f"{what}, which need an extra to be read: pip install 'sigcheck[observe]'.") from None
    return DecodeError
