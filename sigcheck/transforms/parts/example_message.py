"""Example message: serialized `tf.train.Example`s, written and read by the encoding of protocol buffers.

    Example { Features features = 1 }            Features { map<string, Feature> feature = 1 }
    Feature { BytesList = 1 | FloatList = 2 | Int64List = 3 }        each { repeated value = 1 }

(example.proto, feature.proto.) Written in the order of the names, as deterministic writers do, numbers packed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from sigcheck.encodings.wire import length_field, read_varint, signed, small_fields, varint
from sigcheck.schema.example_features import Feature

# The values of one feature: floats, whole numbers or bytes.
Values: TypeAlias = "Sequence[float] | Sequence[int] | Sequence[bytes]"

_LISTS = {"string": 1, "float32": 2, "int64": 3}
_DTYPES = {number: dtype for dtype, number in _LISTS.items()}


class UnreadExampleError(Exception):
    """No Example, or one that lacks a feature or has another one than is asked for."""


def write_example(features: Mapping[str, tuple[str, Values]]) -> bytes:
    r"""The Example of these features: of each its dtype (float32, int64 or string) and its values.

    >>> write_example({"a": ("float32", [])}), write_example({})
    (b'\n\t\n\x07\n\x01a\x12\x02\x12\x00', b'\n\x00')
    """
    entries = b"".join(
        length_field(1, length_field(1, name.encode()) + length_field(2, _feature(dtype, values)))
        for name, (dtype, values) in sorted(features.items())
    )
    return length_field(1, entries)


def _feature(dtype: str, values: Values) -> bytes:
    if dtype == "string":
        listed = b"".join(length_field(1, bytes(one)) for one in values)  # type: ignore[arg-type]  # texts are bytes
    elif not len(values):
        listed = b""
    elif dtype == "float32":
        listed = length_field(1, struct.pack(f"<{len(values)}f", *values))
    else:
        listed = length_field(1, b"".join(varint(int(one)) for one in values))
    return length_field(_LISTS[dtype], listed)


def read_feature(example: bytes, name: str, feature: Feature) -> list[float] | list[int] | list[bytes]:
    """The values of one feature of an Example, as it is specified.

    Raises UnreadExampleError where parsing the Example with this specification fails.
    """
    try:
        found = _features(example).get(name)
    except ValueError:
        raise UnreadExampleError("no Example, or one that is cut off") from None
    if found is None:
        if feature.may_be_absent:
            return []
        raise UnreadExampleError(f"an Example has no feature {name!r:.80}")
    dtype, values = found
    if dtype != feature.dtype:
        raise UnreadExampleError(f"the feature {name!r:.80} is {dtype}, not {feature.dtype}")
    if len(values) != feature.count and (feature.count is not None or len(values) % feature.row):
        raise UnreadExampleError(f"the feature {name!r:.80} has {len(values)} values, expected {feature}")
    return values


def _features(example: bytes) -> dict[str, tuple[str, list[float] | list[int] | list[bytes]]]:
    found = {}
    for number, features in small_fields(example):
        for of_entry, entry in small_fields(features) if number == 1 and isinstance(features, bytes) else ():
            if of_entry == 1 and isinstance(entry, bytes):
                name, feature = b"", b""
                for part, data in small_fields(entry):
                    if isinstance(data, bytes):
                        name, feature = (data, feature) if part == 1 else (name, data)
                # Of a feature that says no kind there is nothing, as if it were absent.
                if (values := _values(feature)) is not None:
                    found[name.decode("utf-8", "replace")] = values
    return found


def _values(feature: bytes) -> tuple[str, list[float] | list[int] | list[bytes]] | None:
    for number, listed in small_fields(feature):
        dtype = _DTYPES.get(number)
        if dtype is None or not isinstance(listed, bytes):
            continue
        parts = [part for at, part in small_fields(listed) if at == 1]
        if dtype == "string":
            return dtype, [part for part in parts if isinstance(part, bytes)]
        if dtype == "float32":
            packed = b"".join(part for part in parts if isinstance(part, bytes))
            if len(packed) % 4:
                break
            return dtype, list(struct.unpack(f"<{len(packed) // 4}f", packed))
        numbers = [one for part in parts for one in (_varints(part) if isinstance(part, bytes) else [part])]
        return dtype, [signed(one) for one in numbers]
    else:
        return None
    raise UnreadExampleError("a feature is cut off")


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        number, at = read_varint(data, at)
        yield number
