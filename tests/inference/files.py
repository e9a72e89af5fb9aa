"""Frozen graphs as bytes, written without TensorFlow."""

from __future__ import annotations

from tests.readers.written_models import length_field, varint


def written(*nodes):
    """A GraphDef of these nodes."""
    return b"".join(length_field(1, one) for one in nodes)


def written_node(name, op, *inputs, attributes=b""):
    """A NodeDef."""
    texts = [length_field(1, name.encode()), length_field(2, op.encode())]
    return b"".join([*texts, *(length_field(3, one.encode()) for one in inputs), attributes])


def attribute(name, value):
    """An entry of NodeDef.attr; the value is an AttrValue as bytes."""
    return length_field(5, length_field(1, name.encode()) + length_field(2, value))


FLOAT = attribute("T", bytes([6 << 3]) + varint(1))
X = written_node("x", "Placeholder", attributes=attribute("dtype", bytes([6 << 3]) + varint(1)))
