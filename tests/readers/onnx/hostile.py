"""ONNX models that no exporter writes: fields of onnx.proto by their numbers."""

from __future__ import annotations

from random import Random

from tests.fuzz.hostile.generator import Generator
from tests.readers.written_models import length_field, varint

_NODE, _INITIALIZER, _INPUT, _OUTPUT, _GRAPH, _OPERATOR_SETS = 1, 5, 11, 12, 7, 8


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def value(name: str, *dims: bytes) -> bytes:
    """A ValueInfoProto of floats."""
    shape = b"".join(length_field(1, one) for one in dims)
    tensor = number(1, 1) + length_field(2, shape)
    return length_field(1, name.encode()) + length_field(2, length_field(1, tensor))


BATCH, FOUR = length_field(2, b"batch"), number(1, 4)


def model(graph: bytes, rest: bytes = b"") -> bytes:
    sets = length_field(_OPERATOR_SETS, length_field(1, b"") + number(2, 17))
    return number(1, 8) + length_field(_GRAPH, graph) + sets + rest


GRAPH = length_field(_INPUT, value("x", BATCH, FOUR)) + length_field(_OUTPUT, value("y", BATCH, FOUR))


def whole() -> bytes:
    return model(GRAPH)


def many_values(size: int, generator: Random) -> bytes:
    field = generator.choice([_INPUT, _OUTPUT])
    one = generator.choice([value("x", BATCH, FOUR), b"", length_field(1, b"x")])
    return model(GRAPH + length_field(field, one) * max(1, size // (len(one) + 3)))


def many_constants(size: int, generator: Random) -> bytes:
    one = length_field(8, b"x") if generator.random() < 0.5 else b""
    field = generator.choice([_NODE, _INITIALIZER])
    return model(GRAPH + length_field(field, one) * max(1, size // (len(one) + 2)))


def many_dims(size: int, generator: Random) -> bytes:
    one = generator.choice([BATCH, FOUR, b"", length_field(2, b"a" * 2_000)])
    return model(length_field(_INPUT, value("x", *[one] * max(1, size // (len(one) + 2)))))


def many_sets(size: int, generator: Random) -> bytes:
    """Operator sets, properties and functions, which a file has a handful of."""
    return model(GRAPH, length_field(generator.choice([8, 14, 25]), b"") * (size // 2))


SEEDS = {"model.onnx": whole}
GENERATORS: dict[str, list[Generator]] = {"model.onnx": [many_values, many_constants, many_dims, many_sets]}
