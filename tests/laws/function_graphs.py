"""SavedModels of random functions that call each other, several times, with several arguments; without TensorFlow."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random

from tests.inference.files import attribute, written_node
from tests.readers.written_models import encode, length_field, saved_model, tensor, varint

FLOAT, INT32, RESOURCE = 1, 3, 20
# Of floats, so that each may follow any other.
_ONE = ("Relu", "Relu6", "Sigmoid", "Tanh", "Neg", "Abs", "Square", "Identity", "Softmax", "StopGradient", "Exp")
_TWO = ("AddV2", "Mul", "Minimum", "Maximum", "Sub", "RealDiv")
_NUMBERS = (0.0, 1.0, -1.0, 1 / 255, 1 / 127.5, 2.0, 0.5, -103.939, 6.0)
# Each function takes a float, ids, a table and weights, and gives two floats.
_TAKEN = {"x": FLOAT, "ids": INT32, "table": RESOURCE, "weights": RESOURCE}
_GIVEN = ("y", "z")
_ROWS, _WIDTH = 50, 3


def write(folder: Path, random: Random) -> str:
    """Writes a model of random functions, the first of which the graph calls, and gives its path."""
    count = random.randint(1, 4)
    functions = b"".join(_function(at, count, random) for at in range(count))
    names = [written_node("x", "Placeholder", attributes=_of_type("dtype", FLOAT))]
    names.append(written_node("ids", "Placeholder", attributes=_of_type("dtype", INT32)))
    names.append(_variable("table", _ROWS, _WIDTH))
    names.append(_variable("weights", _WIDTH, _WIDTH))
    names += [_call(name, 0, _TAKEN, random) for name in ("one", "other")]
    outputs = random.sample(["one:0", "one:1", "other:0", "other:1"], random.randint(1, 3))
    signature = {
        "inputs": {
            "x": {**tensor(FLOAT, -1, -1, _WIDTH), "name": "x:0"},
            "ids": {**tensor(INT32, -1, -1), "name": "ids:0"},
        },
        "outputs": {f"y{at}": {**tensor(FLOAT), "name": one} for at, one in enumerate(outputs)},
    }
    for output in signature["outputs"].values():
        output["tensor_shape"] = {"unknown_rank": True}
    (meta,) = saved_model(serving_default=signature)["meta_graphs"]
    graph = b"".join(length_field(1, one) for one in names) + length_field(2, functions)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "saved_model.pb").write_bytes(
        b"\x08\x01" + length_field(2, encode("MetaGraphDef", meta) + length_field(2, graph))
    )
    return str(folder)


def _function(at: int, count: int, random: Random) -> bytes:
    nodes: list[bytes] = []
    floats = ["x"]
    for number in range(random.randint(1, 7)):
        name = f"n{number}"
        kind = random.choice(("one", "one", "two", "constant", "gather", "product", "call", "call"))
        if kind == "call" and at + 1 < count:
            taken = {one: random.choice(floats) if one == "x" else one for one in _TAKEN}
            nodes.append(_call(name, random.randint(at + 1, count - 1), taken, random))
            floats += [f"{name}:output:0", f"{name}:output:1"]
            continue
        if kind == "two":
            nodes.append(_node(name, random.choice(_TWO), random.choice(floats), random.choice(floats)))
        elif kind == "constant":
            nodes.append(_constant(f"c{number}", random.choice(_NUMBERS)))
            operands = [random.choice(floats), f"c{number}:output:0"]
            nodes.append(_node(name, random.choice(_TWO), *random.sample(operands, 2)))
        elif kind == "gather":
            nodes.append(_node(name, "ResourceGather", "table", random.choice(("ids", "ids", "shifted:z:0"))))
            nodes.append(_constant("shift", 2, INT32))
            nodes.append(written_node("shifted", "AddV2", "ids", "shift:output:0", attributes=_of_type("T", INT32)))
        elif kind == "product":
            read = written_node(f"r{number}", "ReadVariableOp", "weights", attributes=_of_type("dtype", FLOAT))
            turned = attribute("transpose_b", b"\x28" + varint(random.randint(0, 1)))
            product = written_node(
                name, "MatMul", random.choice(floats), f"r{number}:value:0", attributes=_of_type("T", FLOAT) + turned
            )
            nodes += [read, product]
        else:
            nodes.append(_node(name, random.choice(_ONE), random.choice(floats)))
        floats.append(f"{name}:output:0")
    results = [random.choice(floats[-3:]), random.choice(floats)]
    signature = length_field(1, f"f{at}".encode())
    signature += b"".join(length_field(2, _argument(name, kind)) for name, kind in _TAKEN.items())
    signature += b"".join(length_field(3, _argument(name, FLOAT)) for name in _GIVEN)
    ends = b"".join(
        length_field(4, length_field(1, name.encode()) + length_field(2, one.encode()))
        for name, one in zip(_GIVEN, results, strict=True)
    )
    body = b"".join(length_field(3, one) for one in dict.fromkeys(nodes))
    return length_field(1, length_field(1, signature) + body + ends)


def _argument(name: str, kind: int) -> bytes:
    return length_field(1, name.encode()) + bytes([3 << 3]) + varint(kind)


def _of_type(name: str, kind: int) -> bytes:
    return attribute(name, bytes([6 << 3]) + varint(kind))


def _node(name: str, op: str, *inputs: str) -> bytes:
    return written_node(name, op, *inputs, attributes=_of_type("T", FLOAT))


def _call(name: str, at: int, taken: dict[str, object], random: Random) -> bytes:
    given = [str(one) if isinstance(one, str) else key for key, one in taken.items()]
    if random.random() < 0.3:
        return written_node(name, f"f{at}", *given)
    function = attribute("f", length_field(10, length_field(1, f"f{at}".encode())))
    return written_node(name, "StatefulPartitionedCall", *given, attributes=function)


def _variable(name: str, *sizes: int) -> bytes:
    dims = b"".join(length_field(2, b"\x08" + varint(size)) for size in sizes)
    return written_node(
        name, "VarHandleOp", attributes=_of_type("dtype", FLOAT) + attribute("shape", length_field(7, dims))
    )


def _constant(name: str, number: float, kind: int = FLOAT) -> bytes:
    data = struct.pack("<f", number) if kind == FLOAT else struct.pack("<i", int(number))
    value = b"\x08" + varint(kind) + length_field(2, b"") + length_field(4, data)
    return written_node(name, "Const", attributes=_of_type("dtype", kind) + attribute("value", length_field(8, value)))
