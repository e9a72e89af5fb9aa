"""Files that no exporter writes and no mutation makes: tables that overlap, references that repeat, headers
that announce more than is there, names and blanks by the thousand.

Each generator takes a size, about that of the file in bytes, and a random generator that varies it.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import flatbuffers

from tests.readers.tflite.test_tflite import offsets, quantized, table, vector
from tests.readers.written_models import length_field, varint

Generator = Callable[[int, Random], bytes]
# By the name of the file that each stands for.
GENERATORS: dict[str, list[Generator]] = {}
SIGNATURE_DEF, GRAPH, META_GRAPH = 5, 2, 2


def file_of(*names: str) -> Callable[[Generator], Generator]:
    def keep(generator: Generator) -> Generator:
        for name in names:
            GENERATORS.setdefault(name, []).append(generator)
        return generator

    return keep


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


# ---- SavedModels and frozen graphs


@file_of("saved_model.pb")
def one_wide_node(size: int, generator: Random) -> bytes:
    """Signatures that each lead through the same edges."""
    count = max(2, size // 4)
    wide = node("y", generator.choice(["AddN", "Maximum", "ConcatV2", "Pack", "Foo"]), *["x"] * count)
    graph = node("x", "Placeholder") + wide
    signatures = b"".join(signature(f"s{at}", ["x"], ["y"]) for at in range(generator.choice([1, 50, 900])))
    return meta_graph(graph, signatures)


@file_of("saved_model.pb")
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


@file_of("saved_model.pb")
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


@file_of("saved_model.pb")
def many_signatures(size: int, generator: Random) -> bytes:
    names = many(generator.choice([1, 30, 3_000]))
    one = len(signature("s0000", names, ["y"]))
    return meta_graph(b"", b"".join(signature(f"s{at}", names, ["y"]) for at in range(min(999, max(1, size // one)))))


@file_of("saved_model.pb", "graph.pb")
def empty_groups(size: int, generator: Random) -> bytes:
    groups = bytes([generator.choice([9, 15]) << 3 | 3, 0]) * 0 + b"\x4b\x4c" * (size // 2)
    return generator.choice([groups, meta_graph(groups, b""), length_field(1, text(1, "x") + text(2, "Add")) + groups])


@file_of("saved_model.pb", "graph.pb")
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


@file_of("saved_model.pb")
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


@file_of("graph.pb")
def many_nodes(size: int, generator: Random) -> bytes:
    op = generator.choice(["Placeholder", "PlaceholderWithDefault", "Relu", "Const", "Identity"])
    ones = []
    total = at = 0
    while total < size:
        ones.append(node(f"n{at}", op, *([f"n{at - 1}"] if at and generator.random() < 0.5 else [])))
        total += len(ones[-1])
        at += 1
    return b"".join(ones)


@file_of("graph.pb")
def many_edges(size: int, generator: Random) -> bytes:
    count = max(1, size // 8)
    ones = [node("x", "Placeholder"), *(node(f"a{at}", "Relu", "x") for at in range(count // 8))]
    ones += [node(f"b{at}", "AddN", *many(min(count, 300), "a")) for at in range(max(1, count // 300))]
    return b"".join(ones)


@file_of("graph.pb", "saved_model.pb")
def large_attributes(size: int, generator: Random) -> bytes:
    shapes = length_field(1, length_field(7, b"") * (size // 2))
    attributes = length_field(5, text(1, "_output_shapes") + length_field(2, shapes))
    graph = node("x", "Placeholder", attributes=attributes) + node("y", "Relu", "x", attributes=attributes)
    return graph if generator.random() < 0.5 else meta_graph(graph, signature("s", ["x"], ["y"]))


@file_of("graph.pb")
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


# ---- Text


TEXT_HEADS = ["", "meta_graphs { ", 'node { name: "x" op: "Relu" ', "node { attr { "]
TEXT_BODIES = [" ", "#\n", " #", "{}", "a{}", "a:1 ", 'a:"b" ', "a<>", "a[]", "\\", '"', "'", '""', "a", "1", "-"]
TEXT_BODIES += ["a:[1] ", ",", 'a:"\\n" ', "node{}", 'node{name:"a"}', "node{", "meta_graphs{", "signature_def{}"]
TEXT_BODIES += ["tensor_shape{dim{}}", '\\"', 'a:"\\"" ', "a:'", "\n"]


@file_of("saved_model.pbtxt", "graph.pbtxt")
def odd_text(size: int, generator: Random) -> bytes:
    head, body = generator.choice(TEXT_HEADS), generator.choice(TEXT_BODIES)
    tail = generator.choice(["", "$", '"', "}", "{", "\0", "\\"])
    return (head + body * (size // len(body)) + tail).encode()


# ---- Keras


def functional(layers: list[Any], inputs: Any, outputs: Any, name: str = "m") -> dict[str, Any]:
    config = {"name": name, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional", "module": "keras", "name": name, "config": config}


def input_layer(name: str = "x", shape: Any = (None, 4)) -> dict[str, Any]:
    config = {"batch_shape": list(shape), "dtype": "float32", "name": name}
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def layer(name: str, kind: str, *inbound: str, **config: Any) -> dict[str, Any]:
    nodes = [[[one, 0, 0, {}] for one in inbound]]
    return {"class_name": kind, "config": {"name": name, **config}, "name": name, "inbound_nodes": nodes}


def chained(size: int, _: Random) -> Any:
    count = max(1, size // 150)
    layers = [input_layer(), *(layer(f"d{at}", "Dense", f"d{at - 1}" if at else "x", units=4) for at in range(count))]
    return functional(layers, [["x", 0, 0]], [[f"d{count - 1}", 0, 0]])


def widened(size: int, generator: Random) -> Any:
    wide = layer("y", generator.choice(["Concatenate", "Add", "Foo"]), *["x"] * max(1, size // 14))
    return functional([input_layer(), wide], [["x", 0, 0]], [["y", 0, 0]])


def nested_twice(size: int, _: Random) -> Any:
    """Models that each call the one within twice."""
    inner = functional([input_layer()], [["x", 0, 0]], [["x", 0, 0]])
    for at in range(min(50, max(1, size // 400))):
        called = {**inner, "name": f"m{at}", "inbound_nodes": [[["x", 0, 0, {}]], [[f"m{at}", 1, 0, {}]]]}
        inner = functional([input_layer(), called], [["x", 0, 0]], [[f"m{at}", 2, 0]], f"n{at}")
    return inner


def of_many_axes(size: int, _: Random) -> Any:
    return functional([input_layer("x", [4] * max(1, size // 20))], [["x", 0, 0]], [["x", 0, 0]])


def wrapped(size: int, _: Random) -> Any:
    inner: Any = {"class_name": "Dense", "config": {"name": "d", "units": 3}}
    for _ in range(size // 60):
        inner = {"class_name": "TimeDistributed", "config": {"name": "t", "layer": inner}}
    return {"class_name": "Sequential", "config": {"layers": [input_layer(), inner]}}


def of_many_ends(size: int, _: Random) -> Any:
    ends = [["x", 0, 0]] * max(1, size // 16)
    return functional([input_layer()], ends, ends)


def in_a_row(size: int, generator: Random) -> Any:
    one = {"class_name": generator.choice(["ReLU", "Flatten", "Foo", "Dropout"]), "config": {"name": "r"}}
    return {"class_name": "Sequential", "config": {"layers": [input_layer(), *[one] * max(1, size // 90)]}}


def called_often(size: int, _: Random) -> Any:
    count = max(1, size // 14)
    shared = {**layer("d", "Dense", units=4), "inbound_nodes": [[["x", 0, 0, {}]] for _ in range(count)]}
    return functional([input_layer(), shared], [["x", 0, 0]], [["d", at, 0] for at in range(min(count, 3_000))])


KERAS = (chained, widened, nested_twice, of_many_axes, wrapped, of_many_ends, in_a_row, called_often)


def keras_configs(size: int, generator: Random) -> Any:
    return generator.choice(KERAS)(size, generator)


def odd_json(size: int, generator: Random) -> str:
    head = generator.choice(["", '{"class_name":"Functional","config":', '{"modelTopology":', '{"inputs":', "["])
    body = generator.choice(
        ["[", "{}", "[],", "{},", '{"":0},', '{"a":', '"a",', "1,", "1", '"', "\\", " ", '[""],', "[0],"]
    )
    return head + ("[" if body.endswith(",") else "") + body * (size // len(body)) + generator.choice(["", "]", "0]"])


def config_text(size: int, generator: Random) -> str:
    if generator.random() < 0.3:
        return odd_json(size, generator)
    limited = min(size, 400_000) if generator.random() < 0.5 else size
    # Some are nested deeper than they can be written at once.
    try:
        return json.dumps(keras_configs(limited, generator))
    except RecursionError:
        return odd_json(size, generator)


@file_of("model.keras")
def packed_config(size: int, generator: Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", config_text(size, generator))
        archive.comment = b"x" * generator.choice([0, 60_000])
    return packed.getvalue()


@file_of("model.keras")
def many_members(size: int, generator: Random) -> bytes:
    """A directory of members that are all the same one."""
    name = b"config.json"
    member = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name
    other = generator.choice([b"config.json", b"a", b"", b"n" * 60])
    one = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0, 0, 0, 0, len(other), 0, 0, 0, 0, 0, 0)
    count = max(1, size // (len(one) + len(other)))
    directory = (one + other) * count
    said = generator.choice([count & 0xFFFF, 1, 0xFFFF])
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, said, said, len(directory), len(member), 0)
    return member + directory + end


# ---- HDF5


@file_of("model.h5")
def hdf5_header(size: int, generator: Random) -> bytes:
    """A root whose header announces more than is there, or messages of nothing without end."""
    superblock = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + bytes(8) + struct.pack("<QQQQ", 0, 0, 0, 0)
    root = len(superblock) + 16
    superblock += struct.pack("<QQ", 0, root)
    body = generator.choice([bytes(8), struct.pack("<HHI", 0x0C, 0, 0), struct.pack("<HHI", 0x10, 16, 0) + bytes(16)])
    body *= max(1, size // len(body))
    said = generator.choice([len(body), 0xFFFFFFFF, len(body) // 2])
    return superblock + struct.pack("<BBHIII", 1, 0, 0xFFFF, 1, said, 0) + body


@file_of("model.h5")
def hdf5_config(size: int, generator: Random) -> bytes:
    import h5py

    packed = io.BytesIO()
    with h5py.File(packed, "w") as file:
        file.attrs["model_config"] = config_text(size, generator)
    return packed.getvalue()


# ---- TFLite


def shared_tables(size: int, generator: Random) -> bytes:
    """Signatures and endpoints that are the same tables again and again."""
    builder = flatbuffers.Builder()
    count = max(1, min(10_000, size // 8))
    scales = generator.choice([1, 1, max(1, size // 8)])
    quantization = quantized(builder, [0.5] * scales, [3] * scales)
    name = builder.CreateString("t" * generator.choice([1, 200, min(60_000, max(1, size // 2))]))
    shape = vector(builder, [1, 4], 4, builder.PrependInt32)
    tensor = table(builder, f0_ref=shape, f3_ref=name, f4_ref=quantization, f1_i8=generator.choice([0, 9]))
    taken = vector(builder, [0] * count, 4, builder.PrependInt32)
    operand = vector(builder, [0] * generator.choice([1, count]), 4, builder.PrependInt32)
    operator = table(builder, f1_ref=operand, f2_ref=operand, f0_u32=0)
    operators = offsets(builder, [operator] * generator.choice([1, count]))
    tensors = offsets(builder, [tensor] * generator.choice([1, count]))
    graph = table(builder, f0_ref=tensors, f1_ref=taken, f2_ref=taken, f3_ref=operators)
    pair = table(builder, f0_ref=name, f1_u32=0)
    pairs = offsets(builder, [pair] * generator.choice([1, count]))
    key = builder.CreateString("k")
    definition = table(builder, f0_ref=pairs, f1_ref=pairs, f2_ref=key, f4_u32=0)
    definitions = offsets(builder, [definition] * generator.choice([1, 50, count]))
    code = table(builder, f0_i8=generator.choice([0, 55, 106]), f3_i32=generator.choice([0, 55, 106]))
    codes = offsets(builder, [code])
    graphs, buffers = offsets(builder, [graph]), offsets(builder, [table(builder)])
    fields = {"f1_ref": codes, "f2_ref": graphs, "f4_ref": buffers}
    if generator.random() < 0.6:
        fields["f7_ref"] = definitions
    builder.Finish(table(builder, **fields), b"TFL3")
    return bytes(builder.Output())


file_of("model.tflite")(shared_tables)


@file_of("model.tflite")
def shared_metadata(size: int, generator: Random) -> bytes:
    """Metadata whose tensors name the same files of labels, and the same units, again and again."""
    inner = flatbuffers.Builder()
    count = max(1, min(1_000, size // 8))
    name = inner.CreateString("labels.txt")
    file = table(inner, f0_ref=name, f2_i8=generator.choice([2, 3]))
    files = offsets(inner, [file] * count)
    tensor = table(inner, f6_ref=files)
    tensors = offsets(inner, [tensor] * count)
    graph = table(inner, f2_ref=tensors, f3_ref=tensors)
    graphs = offsets(inner, [graph] * count)
    inner.Finish(table(inner, f3_ref=graphs), b"M001")
    builder = flatbuffers.Builder()
    data = builder.CreateByteVector(bytes(inner.Output()))
    key = builder.CreateString("TFLITE_METADATA")
    entries = offsets(builder, [table(builder, f0_ref=key, f1_u32=1)])
    buffers = offsets(builder, [table(builder), table(builder, f0_ref=data)])
    empty = vector(builder, [], 4, builder.PrependInt32)
    graphs = offsets(builder, [table(builder, f1_ref=empty, f2_ref=empty)])
    builder.Finish(table(builder, f2_ref=graphs, f4_ref=buffers, f6_ref=entries), b"TFL3")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labels.txt", "a\n" * generator.choice([1, 5_000_000]))
    return bytes(builder.Output()) + packed.getvalue()


# ---- TensorFlow.js


@file_of("model.json")
def web_model(size: int, generator: Random) -> bytes:
    kind = generator.randrange(5)
    if kind == 0:
        return config_text(size, generator).encode()
    if kind == 1:
        config = {"model_config": keras_configs(min(size, 400_000), generator)}
        try:
            return json.dumps({"modelTopology": config}).encode()
        except RecursionError:
            return odd_json(size, generator).encode()
    count = max(1, size // 40)
    op = generator.choice(["Maximum", "AddN", "Pack", "Foo"])
    nodes: list[Any] = [{"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}]
    if kind == 2:
        nodes.append({"name": "y", "op": op, "input": ["x"] * (size // 5), "attr": {}})
    elif kind == 3:
        nodes += [{"name": f"n{at}", "op": op, "input": ["x", "x"], "attr": {}} for at in range(count)]
    else:
        nodes += [{"name": f"n{at}", "op": "Placeholder", "attr": {}} for at in range(count)]
    told = {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "4"}]}}
    signature_of = {"inputs": {"x": {**told, "name": "x:0"}}, "outputs": {"y": {**told, "name": "y:0"}}}
    weights = [{"paths": ["a.bin"] * generator.choice([1, max(1, size // 20)]), "weights": []}] * generator.choice(
        [1, 9]
    )
    data: dict[str, Any] = {"modelTopology": {"node": nodes}, "weightsManifest": weights}
    if kind != 4:
        data["signature"] = signature_of
    return json.dumps(data).encode()


# ---- What people write


TOML_BODIES = [
    "a.",
    '"a".',
    "[a]\n",
    "[[a]]\n",
    "a=1\n",
    "#\n",
    "[",
    "{",
    "a={",
    "'",
    '"',
    '"""',
    "]",
    " ",
    "[a.b.c]\n",
]
TOML_HEADS = ["", "[models.", "x = [", 'x = """', "[inputs]\n", "[[links]]\n", "x = 0x", "x.", "[", "bind = {"]
TOML_BODIES += ["1,", "[],", "{},", "\\n", "1", "[models.a]\n", '"] #', "a . ", "\t", '[[links]]\nfrom="a"\n', "é=1\n"]


def odd_toml(size: int, generator: Random) -> bytes:
    body = generator.choice(TOML_BODIES)
    written = generator.choice(TOML_HEADS) + body * (size // len(body)) + generator.choice(["", "=1", "]", "a=1", "}"])
    return written.encode()


TOML_LINES = ["k{}=1", "k{} = [1, 2]", "[k{}]", "[[links]]\nname='{}'", "[models.m{}]\nsource='m'", "a.k{}={{}}"]
TOML_LINES += [
    '"k{}\\n"=1',
    "k{}='float32[]'",
    "inputs.k{}='float32[?, 3]'",
    "[producer.k{}]\nrange=[0,1]",
    "'k{}' = 1",
]
TOML_LINES += ["[models.m{}]\nsource='a'\nreader='r'\nkey='k'\ninputs.x='float32[?, 3]'"]
TOML_LINES += ["[models.m{}]\nsource='m'\ninputs.x={{range=[0,1]}}", "[[ignore]]\nrule='{}'\nmodel='m'\nreason='r'"]


def many_keys(size: int, generator: Random) -> bytes:
    form = generator.choice(TOML_LINES)
    head = generator.choice(["", "[inputs]\n", "[models]\n", "[rules]\n", "[models.m]\nsource='m'\n"])
    one = len(form.format(10_000)) + 1
    return (head + "\n".join(form.format(at) for at in range(max(1, size // one)))).encode()


for _name in ("contract.toml", "sigcheck.toml", "pyproject.toml", "sigcheck.lock", "facts.toml"):
    file_of(_name)(odd_toml)
    file_of(_name)(many_keys)


@file_of("contract.json", "facts.json", "baseline.json", "adapter.certificate.json")
def odd_object(size: int, generator: Random) -> bytes:
    return odd_json(size, generator).encode()


@file_of("contract.json", "facts.json", "baseline.json", "adapter.certificate.json")
def many_entries(size: int, generator: Random) -> bytes:
    value = generator.choice(['"float32[?, 3]"', '{"dtype":"float32","shape":[]}', "1", "{}", "[]", '{"range":[0,1]}'])
    count = max(1, size // (len(value) + 10))
    entries = ",".join(f'"k{at}":{value}' for at in range(count))
    form = generator.choice(
        ['{{"inputs":{{{}}},"outputs":{{}}}}', "{{{}}}", '{{"signatures":{{{}}}}}', '{{"producer":{{{}}}}}']
    )
    forms = generator.random() < 0.3
    if forms:
        listed = ",".join([value] * count)
        return (
            generator.choice(['{{"accepted":[{}]}}', '{{"signatures":[{}]}}', '{{"inputs":[{}]}}'])
            .format(listed)
            .encode()
        )
    return form.format(entries).encode()


YAML_BODIES = [
    "- ",
    "- a\n",
    "[",
    "{",
    "a: ",
    "&a ",
    "*a ",
    "? ",
    "- - ",
    "1:",
    "'",
    '"',
    "|\n",
    "#\n",
    "a: b\n",
    "!!x ",
    "<<: ",
]


@file_of("contract.yaml")
def odd_yaml(size: int, generator: Random) -> bytes:
    body = generator.choice([*YAML_BODIES, "[],", "{},", "k: [1, 2]\n", "\n", " ", "\t", "0", "~", "%"])
    head = generator.choice(["", "inputs: ", "inputs: [", "a: ", "- [", "inputs:\n  x: "])
    return (
        head
        + body * (min(size, generator.choice([2**17 - 50, size])) // len(body))
        + generator.choice(["", "]", "1", "x"])
    ).encode()


@file_of("contract.yaml")
def many_lines(size: int, generator: Random) -> bytes:
    form = generator.choice(["k{}: 1", "- {}", "? {}", "k{}: float32[?, 3]", "k{}: &a{} 1", "k{}: [1, 2, 3]"])
    head = generator.choice(["", "inputs:\n"])
    lines = (form.format(at, at) for at in range(max(1, min(size, generator.choice([2**17 - 50, size])) // 12)))
    return (head + "\n".join(f"  {line}" for line in lines)).encode()


@file_of("adapter.py")
def odd_python(size: int, generator: Random) -> bytes:
    head = generator.choice(
        ["", '"""Adapter. Written by `sigcheck adapt`.', "x = [", "(", "x = ", "#", '"""', "def f("]
    )
    body = generator.choice(
        ["a,", "[", "(", "-", "not ", "#\n", "\n", "\\\n", '"', "'''", '\\"', "a+", "1", " ", "\t", "{"]
    )
    return (head + body * (size // len(body)) + generator.choice(["", "]", '"""', "0"])).encode()


def sparse(data: bytes, size: int) -> bytes:
    """The file with zeros behind it, as a sparse file has."""
    return data + bytes(size)


def compressed_size(data: bytes) -> int:
    """What a repository needs to hold the file."""
    return len(gzip.compress(data, 1))
