"""TensorFlow.js models."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.fuzz.hostile.configs import config_text, keras_configs
from tests.fuzz.hostile.generator import Generator
from tests.fuzz.hostile.texts import odd_json


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


GENERATORS: dict[str, list[Generator]] = {
    "model.json": [web_model],
}
