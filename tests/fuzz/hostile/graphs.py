"""SavedModels and frozen graphs, of bytes and of text."""

from __future__ import annotations

from random import Random

from tests.fuzz.hostile.generator import Generator
from tests.readers.written_models import length_field, varint

SIGNATURE_DEF, GRAPH, META_GRAPH = 5, 2, 2


def text(number: int, value: str) -> bytes:
    return length_field(number, value.encode())


def entry(number: int, key: str, value: bytes) -> bytes:
    return length_field(number, text(1, key) + length_field(2, value))


def info(name: str, dtype: int = 1, *sizes: int) -> bytes:
    shape = b"".join(length_field(2, varint(1 << 3) + varint(size)) for size in sizes)
    return text(1, name) + varint(2 << 3) + varint(dtype) + length_field(3, shape)


def meta_graph(graph: bytes, signatures: bytes, objects: bytes = b"") -> bytes:
    tags = length_field(1, text(4, "serve"))
    body = tags + length_field(GRAPH, graph) + signatures + (length_field(7, objects) if objects else b"")
    return varint(1 << 3) + varint(1) + length_field(META_GRAPH, body)


def signature(key: str, inputs: list[str], outputs: list[str]) -> bytes:
    sides = b"".join(entry(1, name, info(f"{name}:0", 1, -1, 4)) for name in inputs)
    return entry(SIGNATURE_DEF, key, sides + b"".join(entry(2, name, info(f"{name}:0", 1, -1, 4)) for name in outputs))


def node(name: str, op: str, *inputs: str, attributes: bytes = b"") -> bytes:
    return length_field(1, text(1, name) + text(2, op) + b"".join(text(3, one) for one in inputs) + attributes)


def many(count: int, name: str = "n") -> list[str]:
    return [f"{name}{index}" for index in range(count)]


def one_wide_node(size: int, generator: Random) -> bytes:
    """Signatures that each lead through the same edges."""
    count = max(2, size // 4)
    wide = node("y", generator.choice(["AddN", "Maximum", "ConcatV2", "Pack", "Foo"]), *["x"] * count)
    graph = node("x", "Placeholder") + wide
    signatures = b"".join(signature(f"s{at}", ["x"], ["y"]) for at in range(generator.choice([1, 50, 900])))
    return meta_graph(graph, signatures)


def layers_of_edges(size: int, generator: Random) -> bytes:
    """Every node of a layer reads every node of the one before."""
    width = max(2, int((size / 12) ** 0.5) // 2)
    depth = max(2, size // (width * width * 4 + 1))
    graph, before = node("x", "Placeholder"), ["x"]
    for layer in range(min(depth, 200)):
        names = many(width, f"l{layer}_")
        graph += b"".join(node(name, "AddN", *before) for name in names)
        before = names
    return meta_graph(graph + node("y", "AddN", *before), signature("s", ["x"], ["y"]))


def calls_of_calls(size: int, generator: Random) -> bytes:
    """Functions that each call the next one twice."""
    library = b""
    count = max(2, min(24, size // 100))
    for at in range(count):
        call = length_field(5, text(1, "f") + length_field(2, length_field(10, text(1, f"f{at + 1}"))))
        nodes = b"".join(
            length_field(3, text(1, name) + text(2, "PartitionedCall") + text(3, source) + call)
            for name, source in (("a", "x"), ("b", "x"), ("c", "a:output:0"))
        )
        join = length_field(3, text(1, "j") + text(2, "AddV2") + text(3, "b:output:0") + text(3, "c:output:0"))
        own = length_field(1, text(1, f"f{at}") + length_field(2, text(1, "x")) + length_field(3, text(1, "y")))
        library += length_field(1, own + nodes + join + length_field(4, text(1, "y") + text(2, "j:z:0")))
    first = length_field(5, text(1, "f") + length_field(2, length_field(10, text(1, "f0"))))
    graph = node("x", "Placeholder") + node("y", "PartitionedCall", "x", attributes=first) + length_field(2, library)
    return meta_graph(graph, signature("s", ["x"], ["y"]))


def many_signatures(size: int, generator: Random) -> bytes:
    names = many(generator.choice([1, 30, 3_000]))
    one = len(signature("s0000", names, ["y"]))
    return meta_graph(b"", b"".join(signature(f"s{at}", names, ["y"]) for at in range(min(999, max(1, size // one)))))


def empty_groups(size: int, generator: Random) -> bytes:
    groups = b"\x4b\x4c" * (size // 2)
    return generator.choice([groups, meta_graph(groups, b""), length_field(1, text(1, "x") + text(2, "Add")) + groups])


def unknown_fields(size: int, generator: Random) -> bytes:
    fields = generator.choice([b"\x78\x00", b"\x7a\x00", b"\x08\x00", b"\x0a\x00", b"\x3d\0\0\0\0"])
    fields *= size // len(fields)
    where = generator.randrange(5)
    if where == 0:
        return meta_graph(fields, signature("s", ["x"], ["y"]))
    if where == 1:
        return meta_graph(b"", signature("s", ["x"], ["y"]) + fields)
    if where == 2:
        return meta_graph(b"", signature("s", ["x"], ["y"]), fields)
    if where == 3:
        return meta_graph(b"", entry(SIGNATURE_DEF, "s", entry(1, "x", fields)))
    return node("x", "Placeholder") + fields + node("y", "Relu", "x")


def many_objects(size: int, generator: Random) -> bytes:
    """An object graph of edges, of functions, or of structures within structures."""
    kind = generator.randrange(4)
    if kind == 0:
        objects = length_field(1, length_field(1, b"\x08\x01") * (size // 4))
    elif kind == 1:
        objects = length_field(1, b"") * (size // 2)
    elif kind == 2:
        leaf = length_field(33, b"")
        values = length_field(51, length_field(1, leaf) * (size // len(leaf) // 2))
        objects = length_field(2, text(1, "f") + length_field(2, length_field(3, values)))
        objects += length_field(1, length_field(8, text(1, "f") + text(2, "x")))
    else:
        one = length_field(1, length_field(8, text(1, "f") + text(2, "a") + text(2, "b")))
        objects = one * (size // len(one))
        objects += length_field(2, text(1, "f") + length_field(2, length_field(3, b"")))
    served = b"".join(signature(f"s{at}", ["a", "b"], ["y"]) for at in range(generator.choice([1, 500])))
    return meta_graph(b"", served if generator.random() < 0.7 else b"", objects)


def many_nodes(size: int, generator: Random) -> bytes:
    op = generator.choice(["Placeholder", "PlaceholderWithDefault", "Relu", "Const", "Identity"])
    ones = []
    total = at = 0
    while total < size:
        ones.append(node(f"n{at}", op, *([f"n{at - 1}"] if at and generator.random() < 0.5 else [])))
        total += len(ones[-1])
        at += 1
    return b"".join(ones)


def many_edges(size: int, generator: Random) -> bytes:
    count = max(1, size // 8)
    ones = [node("x", "Placeholder"), *(node(f"a{at}", "Relu", "x") for at in range(count // 8))]
    ones += [node(f"b{at}", "AddN", *many(min(count, 300), "a")) for at in range(max(1, count // 300))]
    return b"".join(ones)


def large_attributes(size: int, generator: Random) -> bytes:
    shapes = length_field(1, length_field(7, b"") * (size // 2))
    attributes = length_field(5, text(1, "_output_shapes") + length_field(2, shapes))
    graph = node("x", "Placeholder", attributes=attributes) + node("y", "Relu", "x", attributes=attributes)
    return graph if generator.random() < 0.5 else meta_graph(graph, signature("s", ["x"], ["y"]))


def many_constants(size: int, generator: Random) -> bytes:
    """Constants of sixteen kilobytes that are each looked at."""
    numbers = b"\1" * min(16_000, max(1, size))
    tensor = varint(1 << 3) + varint(3) + length_field(2, length_field(2, b"\x08\x01")) + length_field(7, numbers)
    value = length_field(5, text(1, "value") + length_field(2, length_field(8, tensor)))
    count = max(1, size // len(numbers))
    ones = [node("x", "Placeholder"), *(node(f"c{at}", "Const", attributes=value) for at in range(count))]
    before = "x"
    for at in range(count):
        ones.append(node(f"m{at}", "Maximum", before, f"c{at}"))
        before = f"m{at}"
    return b"".join(ones)


TEXT_HEADS = ["", "meta_graphs { ", 'node { name: "x" op: "Relu" ', "node { attr { "]
TEXT_BODIES = [" ", "#\n", " #", "{}", "a{}", "a:1 ", 'a:"b" ', "a<>", "a[]", "\\", '"', "'", '""', "a", "1", "-"]
TEXT_BODIES += ["a:[1] ", ",", 'a:"\\n" ', "node{}", 'node{name:"a"}', "node{", "meta_graphs{", "signature_def{}"]
TEXT_BODIES += ["tensor_shape{dim{}}", '\\"', 'a:"\\"" ', "a:'", "\n"]


def odd_text(size: int, generator: Random) -> bytes:
    head, body = generator.choice(TEXT_HEADS), generator.choice(TEXT_BODIES)
    tail = generator.choice(["", "$", '"', "}", "{", "\0", "\\"])
    return (head + body * (size // len(body)) + tail).encode()


GENERATORS: dict[str, list[Generator]] = {
    "saved_model.pb": [
        one_wide_node,
        layers_of_edges,
        calls_of_calls,
        many_signatures,
        empty_groups,
        unknown_fields,
        many_objects,
        large_attributes,
    ],
    "graph.pb": [empty_groups, unknown_fields, many_nodes, many_edges, large_attributes, many_constants],
    "saved_model.pbtxt": [odd_text],
    "graph.pbtxt": [odd_text],
}
