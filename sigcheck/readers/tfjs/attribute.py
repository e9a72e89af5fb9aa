"""Attributes of a node in a TensorFlow.js model: AttrValues as protobuf writes them in JSON.

Numbers of 64 bits are texts, bytes are base64, and an enum is its name or its number.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from sigcheck.graph.view import Attributes
from sigcheck.readers.tfjs.signature import read_dtype, read_shape

# Lists of strides, axes and the like.
_MOST_ENTRIES = 1_000
# TensorFlow.js has two types of numbers; the index of an ArgMax is what its signature says in either.
_COMPUTED = {
    **dict.fromkeys(("float16", "bfloat16", "float64"), "float32"),
    **dict.fromkeys(("int8", "uint8", "int16", "uint16", "uint32", "int64", "uint64"), "int32"),
}
_KEPT = frozenset({"output_type"})


def read_attributes(attributes: Mapping[str, Any]) -> Attributes:
    """The attributes by name, as the common view has them; those of other kinds are left out."""
    found = {name: _value(value, name) for name, value in attributes.items()}
    return {name: value for name, value in found.items() if value is not None}


def computed_dtype(dtype: str | None) -> str | None:
    """The dtype that TensorFlow.js computes with.

    >>> computed_dtype("uint8"), computed_dtype("float32")
    ('int32', 'float32')
    """
    return _COMPUTED.get(dtype or "", dtype)


def texts(value: Any) -> list[str]:
    """The texts of a list attribute; none where there is no list."""
    entries = ((value or {}).get("list") or {}).get("s") or ()
    return [_text(entry) for entry in entries[:_MOST_ENTRIES]]


def _value(value: Mapping[str, Any], name: str) -> Any:
    if "type" in value:
        dtype = read_dtype(value["type"])
        return dtype if name in _KEPT else computed_dtype(dtype)
    kind = next((kind for kind in _READ if kind in value), None)
    return None if kind is None else _READ[kind](value[kind])


def _whole_numbers(value: Mapping[str, Any]) -> tuple[int, ...]:
    """The whole numbers of a list; nothing else in a list is looked at."""
    return tuple(int(number) for number in (value.get("i") or ())[:_MOST_ENTRIES])


def _text(value: str) -> str:
    return base64.b64decode(value, validate=True).decode("utf-8", "replace")


# How each kind of AttrValue is read.
_READ: Mapping[str, Callable[[Any], Any]] = {
    "s": _text,
    "b": bool,
    "i": int,
    "f": float,
    "shape": read_shape,
    "list": _whole_numbers,
}
