"""Configs of Keras models, in archives and HDF5 files."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from random import Random
from typing import Any

from tests.fuzz.hostile.generator import Generator
from tests.fuzz.hostile.texts import odd_json


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


def config_text(size: int, generator: Random) -> str:
    if generator.random() < 0.3:
        return odd_json(size, generator)
    limited = min(size, 400_000) if generator.random() < 0.5 else size
    # Some are nested deeper than they can be written at once.
    try:
        return json.dumps(keras_configs(limited, generator))
    except RecursionError:
        return odd_json(size, generator)


def packed_config(size: int, generator: Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", config_text(size, generator))
        archive.comment = b"x" * generator.choice([0, 60_000])
    return packed.getvalue()


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


def hdf5_header(size: int, generator: Random) -> bytes:
    """A root whose header announces more than is there, or messages of nothing without end."""
    superblock = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + bytes(8) + struct.pack("<QQQQ", 0, 0, 0, 0)
    root = len(superblock) + 16
    superblock += struct.pack("<QQ", 0, root)
    body = generator.choice([bytes(8), struct.pack("<HHI", 0x0C, 0, 0), struct.pack("<HHI", 0x10, 16, 0) + bytes(16)])
    body *= max(1, size // len(body))
    said = generator.choice([len(body), 0xFFFFFFFF, len(body) // 2])
    return superblock + struct.pack("<BBHIII", 1, 0, 0xFFFF, 1, said, 0) + body


def hdf5_config(size: int, generator: Random) -> bytes:
    import h5py

    packed = io.BytesIO()
    with h5py.File(packed, "w") as file:
        file.attrs["model_config"] = config_text(size, generator)
    return packed.getvalue()


GENERATORS: dict[str, list[Generator]] = {
    "model.keras": [packed_config, many_members],
    "model.h5": [hdf5_header, hdf5_config],
}
