"""Attributes of a node in a TensorFlow.js model: AttrValues as protobuf writes them in JSON.

Numbers of 64 bits are texts, bytes are base64, and an enum is its name or its number.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from sigcheck.graph.view import Attributes
from sigcheck.readers.tfjs.dtype import computed_dtype
from sigcheck.readers.tfjs.signature import read_shape

# Lists of strides, axes and the like.
_MOST_ENTRIES = 1_000


def read_attributes(attributes: Mapping[str, Any]) -> Attributes:
    """The attributes by name, as the common view has them; those of other kinds are left out."""
    found = {name: _value(value) for name, value in attributes.items()}
    return {name: value for name, value in found.items() if value is not None}


def texts(value: Any) -> list[str]:
    """The texts of a list attribute; none where there is no list."""
    entries = ((value or {}).get("list") or {}).get("s") or ()
    return [_text(entry) for entry in entries[:_MOST_ENTRIES]]


def _value(value: Mapping[str, Any]) -> Any:
    if "type" in value:
        return computed_dtype(value["type"])
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
