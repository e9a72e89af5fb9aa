"""Metadata of the Open Inference Protocol that no server answers with."""

from __future__ import annotations

import json
from random import Random

from tests.fuzz.hostile.generator import Generator

TENSOR = {"name": "x", "datatype": "FP32", "shape": ["-1", "4"]}
WHOLE = {"name": "m", "versions": ["1"], "platform": "p", "inputs": [TENSOR], "outputs": [{**TENSOR, "name": "y"}]}


def many_tensors(size: int, generator: Random) -> bytes:
    one = generator.choice([TENSOR, {}, {"name": "x"}, {**TENSOR, "datatype": 1}, {**TENSOR, "shape": {}}, 1, None])
    count = max(1, size // (len(json.dumps(one)) + 2))
    return json.dumps({**WHOLE, generator.choice(["inputs", "outputs"]): [one] * count}).encode()


def long_shape(size: int, generator: Random) -> bytes:
    sizes = [generator.choice([1, "-1", 10**30, "9" * 5_000, 1.5, []])] * max(1, size // 6)
    return json.dumps({**WHOLE, "inputs": [{**TENSOR, "shape": sizes}]}).encode()


def long_text(size: int, generator: Random) -> bytes:
    field = generator.choice(["name", "datatype"])
    return json.dumps({**WHOLE, "inputs": [{**TENSOR, field: generator.choice(["a", "\u0000", "é"]) * size}]}).encode()


SEEDS = {"served.json": json.dumps(WHOLE).encode}
GENERATORS: dict[str, list[Generator]] = {"served.json": [many_tensors, long_shape, long_text]}
