"""Graph attributes: the AttrValues of one node, and the numbers of its constant.

The protobufs are TensorFlow's node_def.proto, attr_value.proto and tensor.proto.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sigcheck.encodings.content import Content
from sigcheck.encodings.message import decode, decode_entry
from sigcheck.encodings.wire import CONTINUES, LENGTH, Span, read_varint, scan, signed, spans
from sigcheck.graph.view import Constant
from sigcheck.readers.graph_def.spec import read_dtype, read_shape
from sigcheck.schema.budget import spend

# A kernel says nothing about ranges; what does (clips, scales, tables of a few rows) is small.
MAX_CONSTANT_BYTES = 2**14
# The texts of a constant that are looked at: names of features, some thousands of them.
_MAX_TEXT_BYTES = 2**17
# One attribute: a shape, a name, a list of some strides.
_MAX_ATTRIBUTE_BYTES = 2**16
_MAX_ATTRIBUTES = 200
_MOST_REMEMBERED = 128
# All of one node: lists of strides, a small shape, flags.
MOST_SHARED = 512
# Names that begin with an underscore are notes of TensorFlow to itself; of a node of a few they are most bytes.
_HIDDEN = b"_"
_KEY_TAG, _VALUE_TAG = 1 << 3 | LENGTH, 2 << 3 | LENGTH

_ATTRIBUTES = 5
_LIST, _TEXT, _INT, _FLOAT, _BOOL, _TYPE, _SHAPE, _TENSOR, _FUNCTION = 1, 2, 3, 4, 5, 6, 7, 8, 10
_LIST_TEXTS, _LIST_INTS, _LIST_TYPES, _LIST_SHAPES, _LIST_FUNCTIONS = 2, 3, 6, 7, 9
_FLOAT_BYTES = 4
_DTYPE, _TENSOR_SHAPE, _CONTENT, _TEXTS = 1, 2, 4, 8
# TensorProto's lists by field, with the struct code of one entry; None is a varint.
_LISTS = {5: "f", 6: "d", 7: None, 10: None, 11: None, 16: None, 17: None}
CODES = {
    "float32": "f",
    "float64": "d",
    "float16": "e",
    "int8": "b",
    "uint8": "B",
    "int16": "h",
    "uint16": "H",
    "int32": "i",
    "uint32": "I",
    "int64": "q",
    "uint64": "Q",
    "bool": "?",
}


def read_attributes(content: Content, start: int, end: int) -> dict[str, Any]:
    """All attributes of a NodeDef that are small; `start` may be where what follows its inputs begins.

    Raises ValueError where they are broken.
    """
    found: dict[str, Any] = {}
    for number, part in spans(content, start, end):
        if number != _ATTRIBUTES or len(found) >= _MAX_ATTRIBUTES:
            continue
        if part.end - part.start > _MAX_ATTRIBUTE_BYTES:
            found.update(_large(content, part))
            continue
        entry = bytes(content[part.start : part.end])
        if entry[2:3] == _HIDDEN and entry[0] == _KEY_TAG:
            continue
        key, value = _remembered(entry) if len(entry) <= _MOST_REMEMBERED else _read_entry(entry)
        if value is not None:
            found[key] = value
    return found


def _read_entry(entry: bytes) -> tuple[str, Any]:
    key, data = _key_and_value(entry)
    return key, _value(data)


# The same few types, flags and shapes stand in most nodes of a graph, byte by byte.
_remembered = lru_cache(maxsize=2048)(_read_entry)


@lru_cache(maxsize=2048)
def shared_attributes(fields: bytes) -> Mapping[str, Any]:
    """The attributes in what follows the inputs of a node: alike in most nodes of one operation, and not to be changed.

    Raises ValueError where they are broken.
    """
    return read_attributes(fields, 0, len(fields))


def _key_and_value(entry: bytes) -> tuple[str, bytes]:
    """Both parts of a map entry, as TensorFlow writes it: the key, then the value, each short."""
    middle = 2 + entry[1] if len(entry) > 1 else 0
    if middle + 2 <= len(entry) and entry[0] == _KEY_TAG and entry[middle] == _VALUE_TAG:
        begin = middle + 2
        # A length of more than 127 goes on in another byte.
        if max(entry[1], entry[middle + 1]) < CONTINUES and entry[middle + 1] == len(entry) - begin:
            return entry[2:middle].decode(), entry[begin:]
    return decode_entry("raw", entry)


def _large(content: Content, entry: Span) -> dict[str, Any]:
    """The one large attribute that says something unread: a tensor, its dtype and shape."""
    for number, value in scan(content, entry.start, entry.end):
        if number == 2 and isinstance(value, Span):  # noqa: PLR2004  # the value of a map entry
            for kind, tensor in scan(content, value.start, value.end):
                if kind == _TENSOR and isinstance(tensor, Span):
                    return {"value": read_tensor(content, tensor)}
    return {}


def _value(data: bytes) -> Any:
    """The one value of an AttrValue; None where it is of a kind that is not read."""
    for number, part in scan(data):
        read = _READ.get(number)
        if read is not None:
            return read(data, part)
    return None


def _text(data: bytes, part: int | bytes | Span) -> Any:
    return data[part.start : part.end].decode("utf-8", "replace") if isinstance(part, Span) else None


def _number(_: bytes, part: int | bytes | Span) -> Any:
    if isinstance(part, int):
        return signed(part)
    return struct.unpack("<f", part)[0] if isinstance(part, bytes) and len(part) == _FLOAT_BYTES else None


def _bool(_: bytes, part: int | bytes | Span) -> Any:
    return part != 0


def _dtype(_: bytes, part: int | bytes | Span) -> Any:
    return read_dtype(part) if isinstance(part, int) else None


def _shape(data: bytes, part: int | bytes | Span) -> Any:
    return read_shape(decode("TensorShapeProto", data[part.start : part.end])) if isinstance(part, Span) else None


def _tensor(data: bytes, part: int | bytes | Span) -> Any:
    return read_tensor(data, part) if isinstance(part, Span) else None


def _function(data: bytes, part: int | bytes | Span) -> Any:
    return decode("NameAttrList", data[part.start : part.end]).get("name", "") if isinstance(part, Span) else ""


_READ_IN_LIST = {_LIST_TEXTS: _text, _LIST_SHAPES: _shape, _LIST_FUNCTIONS: _function}


def _list(data: bytes, whole: int | bytes | Span) -> tuple[Any, ...]:
    """What a ListValue holds, all of one kind: texts, whole numbers, names of dtypes, shapes, names of functions."""
    found: list[Any] = []
    if not isinstance(whole, Span):
        return ()
    for number, part in scan(data, whole.start, whole.end):
        if number in {_LIST_INTS, _LIST_TYPES}:
            numbers = (
                [signed(part)] if isinstance(part, int) else _varints(data, part) if isinstance(part, Span) else []
            )
            found += numbers if number == _LIST_INTS else map(read_dtype, numbers)
        elif number in _READ_IN_LIST:
            found.append(_READ_IN_LIST[number](data, part))
    return tuple(found)


def read_tensor(content: Content, tensor: Span) -> Constant:
    """A TensorProto; a large one without its numbers. Raises ValueError where it is broken."""
    dtype: str | None = None
    shape: tuple[int | None, ...] | None = ()
    numbers: list[float] = []
    raw: Span | None = None
    is_small = tensor.end - tensor.start <= MAX_CONSTANT_BYTES
    for number, part in scan(content, tensor.start, tensor.end):
        if number == _DTYPE and isinstance(part, int):
            dtype = read_dtype(part)
        elif number == _TENSOR_SHAPE and isinstance(part, Span) and part.end - part.start <= _MAX_ATTRIBUTE_BYTES:
            shape = read_shape(decode("TensorShapeProto", bytes(content[part.start : part.end])))
        elif number == _CONTENT and isinstance(part, Span):
            raw = part
        elif is_small and number in _LISTS:
            numbers += _entries(content, _LISTS[number], part)
    sizes = None if shape is None or None in shape else tuple(size for size in shape if size is not None)
    if dtype == "string" and sizes is not None:
        return Constant(dtype, sizes, texts=_texts(content, tensor, math.prod(sizes)))
    code = CODES.get(dtype or "")
    if not is_small or sizes is None or code is None:
        return Constant(dtype, sizes)
    if raw is not None and raw.end > raw.start:
        data = bytes(content[raw.start : raw.end])
        if len(data) % struct.calcsize(code):
            return Constant(dtype, sizes)
        numbers = list(struct.unpack(f"<{len(data) // struct.calcsize(code)}{code}", data))
    return constant(dtype, sizes, numbers)


def _texts(content: Content, tensor: Span, count: int) -> tuple[str, ...] | None:
    """The texts of a TensorProto, of which one may stand for all; None where they are too many, or not as many."""
    if tensor.end - tensor.start > _MAX_TEXT_BYTES:
        return None
    texts = [
        bytes(content[part.start : part.end]).decode("utf-8", "replace")
        for number, part in scan(content, tensor.start, tensor.end)
        if number == _TEXTS and isinstance(part, Span)
    ]
    spend(len(texts))
    if len(texts) == 1 < count <= MAX_CONSTANT_BYTES:
        return tuple(texts * count)
    return tuple(texts) if len(texts) == count else None


def constant(dtype: str | None, shape: tuple[int, ...], numbers: list[float]) -> Constant:
    """A constant of these numbers, the last of which stands for all that follow.

    Without numbers where there are none, or where one is NaN or infinite.
    """
    spend(len(numbers) // 8)
    count = math.prod(shape)
    if count == 0 or len(numbers) > count or not all(math.isfinite(number) for number in numbers):
        return Constant(dtype, shape)
    # An absent number is zero: proto3 writes none.
    given = numbers or [0]
    if 1 < len(given) < count:
        if count > MAX_CONSTANT_BYTES:
            return Constant(dtype, shape, None, min(given), max(given))
        given = [*given, *[given[-1]] * (count - len(given))]
    return Constant(dtype, shape, tuple(given), min(given), max(given))


def _entries(content: Content, code: str | None, part: int | bytes | Span) -> list[float]:
    if isinstance(part, int):
        return [signed(part)] if code is None else []
    if isinstance(part, Span):
        data = bytes(content[part.start : part.end])
        if code is None:
            return list(_varints(data, Span(0, len(data))))
    else:
        data = part
    size = struct.calcsize(code or "f")
    return list(struct.unpack(f"<{len(data) // size}{code or 'f'}", data)) if len(data) % size == 0 else []


def _varints(data: bytes, part: Span) -> list[int]:
    packed = data[part.start : part.end]
    if packed.isascii():
        # Each a byte: dtypes, strides.
        return list(packed)
    found, at = [], part.start
    while at < part.end:
        value = data[at]
        at += 1
        if value >= CONTINUES:
            value, at = read_varint(data, at - 1)
        found.append(signed(value))
    return found


# How each kind of AttrValue is read.
_READ = {
    _LIST: _list,
    _TEXT: _text,
    _INT: _number,
    _FLOAT: _number,
    _BOOL: _bool,
    _TYPE: _dtype,
    _SHAPE: _shape,
    _TENSOR: _tensor,
    _FUNCTION: _function,
}
