"""JSON form of protobuf messages, as servers answer with, made the same dicts that the wire format gives.

Names of fields are those of the .proto file, or the same in lowerCamelCase; 64-bit numbers are texts, enums
names or numbers (protobuf.dev/programming-guides/json). Fields that the tables do not name are left out.
"""

from __future__ import annotations

import re
from typing import Any

from sigcheck.encodings.content import Content
from sigcheck.encodings.json_bytes import parse_bytes
from sigcheck.encodings.message import TENSORFLOW, Field, Message, Messages
from sigcheck.encodings.wire import MAX_DEPTH
from sigcheck.schema.budget import spend

# The signatures of ten thousand tensors take two megabytes.
MAX_JSON_BYTES = 4 << 20

_CAMEL = re.compile("[A-Z]")


def parse_json_message(kind: str, content: Content, messages: Messages = TENSORFLOW) -> Message:
    """The message that a JSON text holds. Raises ValueError where it is none."""
    if len(content) > MAX_JSON_BYTES:
        raise ValueError(f"{len(content)} bytes of JSON, more than {MAX_JSON_BYTES}")
    return _message(kind, parse_bytes(bytes(content[0 : len(content)])), messages, 0)


def _message(kind: str, written: Any, messages: Messages, depth: int) -> Message:
    if not isinstance(written, dict):
        raise ValueError(f"{written!r:.40} instead of an object")
    if depth > MAX_DEPTH:
        raise ValueError(f"messages nested more than {MAX_DEPTH} deep")
    spend(len(written))
    table = messages.by_name[kind]
    message: Message = {}
    for name, value in written.items():
        field = table.get(name) or table.get(_CAMEL.sub(lambda found: f"_{found[0].lower()}", name))
        # What is null has its default, which is not written.
        if field is not None and value is not None:
            message[field.name] = _value(field, value, messages, depth)
    return message


def _value(field: Field, written: Any, messages: Messages, depth: int) -> Any:
    if field.form == "one":
        return _single(field, written, messages, depth)
    if not isinstance(written, dict if field.form == "map" else list):
        wanted = "an object" if field.form == "map" else "a list"
        raise ValueError(f"{field.name}: {written!r:.40} instead of {wanted}")
    if len(written) > field.most:
        raise ValueError(f"more than {field.most} entries in {field.name}")
    if isinstance(written, dict):
        return {key: _single(field, value, messages, depth) for key, value in written.items()}
    return [_single(field, value, messages, depth) for value in written]


def _single(field: Field, written: Any, messages: Messages, depth: int) -> Any:
    if field.kind in {"int", "sint"}:
        return _number(field.name, written, messages)
    if field.kind in {"text", "bool"}:
        if not isinstance(written, str if field.kind == "text" else bool):
            raise ValueError(f"{field.name}: {written!r:.40} instead of a {field.kind}")
        return written
    if field.kind == "float":
        if isinstance(written, bool) or not isinstance(written, int | float | str):
            raise ValueError(f"{field.name}: {written!r:.40} instead of a number")
        # NaN and the infinities are texts.
        return float(written)
    return _message(field.kind, written, messages, depth + 1)


def _number(name: str, written: Any, messages: Messages) -> int:
    if isinstance(written, str):
        return messages.enums[written] if written in messages.enums else int(written[:20])
    if isinstance(written, bool) or not isinstance(written, int):
        raise ValueError(f"{name}: {written!r:.40} instead of a whole number")
    return written
