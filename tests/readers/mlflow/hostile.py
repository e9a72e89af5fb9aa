"""MLmodel files that MLflow does not write."""

from __future__ import annotations

import json
from random import Random

from tests.fuzz.hostile.generator import Generator

TENSOR = {"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 24]}, "name": "x"}
COLUMN = {"type": "double", "name": "c", "required": True}


def written(inputs: object, outputs: object = None, rest: str = "") -> bytes:
    sides = f"  inputs: {json.dumps(json.dumps(inputs))}\n  outputs: {json.dumps(json.dumps(outputs))}\n"
    return f"artifact_path: m\nflavors: {{}}\n{rest}signature:\n{sides}".encode()


def whole() -> bytes:
    return written([TENSOR], [{**TENSOR, "name": "y"}])


def many_tensors(size: int, generator: Random) -> bytes:
    one = generator.choice([TENSOR, COLUMN, {}, 1, {**TENSOR, "tensor-spec": []}, {**TENSOR, "type": "map"}])
    return written([one] * max(1, size // (len(json.dumps(one)) + 20)), [TENSOR])


def long_shape(size: int, generator: Random) -> bytes:
    sizes = [generator.choice([1, -1, 10**30, "a", []])] * max(1, size // 6)
    return written([{**TENSOR, "tensor-spec": {"dtype": "float32", "shape": sizes}}], [TENSOR])


def nested(size: int, generator: Random) -> bytes:
    depth = size // 2
    return b"signature:\n  inputs: '" + b"[" * depth + b"]" * generator.choice([0, depth]) + b"'\n"


def many_flavors(size: int, generator: Random) -> bytes:
    form = generator.choice(["  f{}:\n    data: d\n", "  f{}: {{}}\n", "  - {}\n"])
    flavors = "".join(form.format(at) for at in range(max(1, size // len(form))))
    return written([TENSOR], [TENSOR], f"other:\n{flavors}")


SEEDS = {"MLmodel": whole}
GENERATORS: dict[str, list[Generator]] = {"MLmodel": [many_tensors, long_shape, nested, many_flavors]}
