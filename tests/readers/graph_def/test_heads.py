"""A node is taken apart as one who reads field by field takes it apart, whatever its texts and fields are."""

from __future__ import annotations

import random

import pytest

from sigcheck.encodings.message import decode
from sigcheck.encodings.wire import PORTION
from sigcheck.graph.view import MAX_NODES
from sigcheck.readers.graph_def.attributes import read_attributes
from sigcheck.readers.graph_def.heads import Heads, TooLargeError
from sigcheck.schema.budget import LimitError, bounded
from tests.inference.files import FLOAT, written_node
from tests.readers.written_models import length_field

# Lengths whose bytes are like a tag, and that take another byte; the last two are around the longest that is matched.
LENGTHS = (1, 2, 5, 10, 18, 25, 26, 27, 127, 128, 154, 300, 3_327, 3_328, 3_354)
# Those of names, those around them, and those that are tags of a node.
LETTERS = ("ab/_", "a:0", "^a", "az{ -", 'a\x1a\x12\n*"2:é')
DEVICE, DEBUG, OTHER_INPUT, NUMBER = (
    length_field(4, b"CPU"),
    length_field(6, b"a\x1a\x01b"),
    length_field(3, b"c"),
    b"H\x01",
)
BEHIND = (b"", FLOAT, DEVICE + FLOAT, DEBUG, FLOAT + DEBUG, FLOAT + OTHER_INPUT, NUMBER, FLOAT + NUMBER, FLOAT[:-1])


def drawn(draw):
    return "".join(draw.choices(draw.choice(LETTERS), k=draw.choice(LENGTHS)))


def drawn_node(draw, name):
    inputs = [drawn(draw) for _ in range(draw.choice((0, 1, 2, 3)))]
    node = written_node(name, drawn(draw), *inputs, attributes=draw.choice(BEHIND))
    return draw.choice((node, node, length_field(2, b"First") + node, DEVICE + node))


def told(read, *given):
    """What is read; None where it is broken."""
    try:
        return read(*given)
    except ValueError:
        return None


def by_fields(node):
    head = decode("NodeHead", node)
    inputs = tuple(text.encode() for text in head.get("input", ()))
    return head.get("op", ""), inputs, told(read_attributes, node, 0, len(node))


def by_heads(content, name):
    heads = Heads(content)
    list(heads.add_all(0, len(content), 1))
    head = heads.find(name.encode())
    return head.op, head.inputs, told(head.read_attributes)


@pytest.mark.parametrize("kind", [bytes, memoryview])
def test_nodes_are_taken_apart_as_field_by_field(kind):
    draw = random.Random(16)
    for _ in range(1_500):
        name = drawn(draw)
        node = drawn_node(draw, name)
        around = (written_node("before!", "Op"), node, written_node("behind!", "Op"))
        content = b"".join(length_field(1, one) for one in around)
        assert told(by_heads, kind(content), name) == told(by_fields, node), node


@pytest.mark.parametrize(
    "field",
    [
        # 299 bytes announced and 170 there, which is what the first byte of the length says of both.
        b"\x1a\xab\x02" + b"a" * 170,
        b"\x1a\xff\xff\xff\xff\x7f" + b"a",
        b"\x1a" + b"\xff" * 11 + b"a",
        b"\x1a\x05a",
        b"\x1a",
        b"\x12",
        b"\x12\x05a",
        b"\x12\x81",
    ],
)
@pytest.mark.parametrize("behind", [b"", b"a" * 400])
def test_a_text_that_is_cut_short_breaks_the_node(field, behind):
    node = written_node("x", "Op") + field if field[0] == 0x1A else length_field(1, b"x") + field
    heads = Heads(length_field(1, node) + behind)
    assert list(heads.add_all(0, len(length_field(1, node)), 1)) == []
    with pytest.raises(ValueError, match=r"cut short|without an end"):
        heads.find(b"x")


@pytest.mark.parametrize("size", [16_000, 20_000, 163_840, 170_000, 180_000, 180_224, 200_000])
def test_a_node_may_be_large(size):
    # Where a third byte of its length is the tag of a name, too: a constant of 160 to 176 KiB.
    weights = written_node("weights", "Const", attributes=length_field(5, bytes(size)))
    nodes = written_node("x", "Placeholder"), weights, written_node("y", "Relu", "x")
    content = b"".join(length_field(1, node) for node in nodes)
    heads = Heads(content)
    assert list(heads.add_all(0, len(content), 1)) == []
    assert [heads.find(name).op for name in (b"x", b"weights", b"y")] == ["Placeholder", "Const", "Relu"]


def test_a_node_of_many_inputs_is_told_to_the_budget():
    content = length_field(1, written_node("sum", "AddN", *["x"] * 50_000))
    heads = Heads(content)
    assert list(heads.add_all(0, len(content), 1)) == []
    with pytest.raises(LimitError), bounded("a", steps=50_000):
        heads.find(b"sum")
    assert len(heads.find(b"sum").inputs) == 50_000
    assert heads.find(b"sum") is heads.find(b"sum")


def test_nodes_alike_have_one_way_to_read_their_attributes():
    nodes = [written_node(name, "Relu", "x", attributes=FLOAT) for name in ("a", "b")]
    content = b"".join(length_field(1, node) for node in nodes)
    heads = Heads(content)
    assert list(heads.add_all(0, len(content), 1)) == []
    assert heads.find(b"a").read_attributes is heads.find(b"b").read_attributes


def test_a_name_that_is_no_text_breaks_the_graph_though_nobody_asks_for_it():
    content = length_field(1, length_field(1, b"\xff") + length_field(2, b"Op"))
    with pytest.raises(ValueError, match="utf-8"):
        list(Heads(content).add_all(0, len(content), 1))


@pytest.mark.parametrize("others", [0, PORTION - 1])
def test_nodes_are_counted_as_they_come(others):
    node = length_field(1, written_node("same", "Op"))
    turned = length_field(1, length_field(2, b"Op") + length_field(1, b"same"))
    # What stands behind too many is not read.
    content = node * others + turned + node * (MAX_NODES + PORTION) + b"\xff"
    with pytest.raises(TooLargeError):
        list(Heads(content).add_all(0, len(content), 1))
