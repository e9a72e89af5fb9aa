"""Files of a project as they should be, from which mutations start."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

CONFIG = """\
against = "lock"

[models.encoder]
source = "models/encoder#serving_default"
outputs.output_0 = { range = [-1, 1], axes = ["batch", "feature"] }

[models.classifier]
source = "models/classifier.keras"
load = true
import = ["my_package.layers"]
lambda = ["halve"]
inputs.x.quantization = { scale = [0.5], zero_point = [3] }

[[links]]
from = "encoder"
to = "classifier"
bind = { "concat(a, b, axis=1)" = "x", c = ["y", "z"] }
adapter = "adapters/a.py"

[rules]
lossy_cast = "error"

[[ignore]]
rule = "lossy_cast"
model = "encoder"
reason = "known"
"""
LOCK = """\
# The signatures as last agreed, written by `sigcheck lock`. Commit this file, and do not edit it.
version = 1

[models.encoder]
source = "models/encoder"
reader = "saved_model"
key = "serving_default"
sha256 = "0123456789abcdef"
inputs.measurements = "float32[?, 24]"
outputs.output_0 = { spec = "float32[?, 10]", facts = { range = [-1, 1] }, proved = { id_count = 3 } }
"""
FACTS = """\
[producer.output_0]
range = [0, 255]
axes = ["batch", "?", "channel"]

[consumer."x y"]
normalization = { mean = [1.0, 2.0], std = 1.0 }
padding = { value = "[PAD]", side = "pre" }
"""
BASELINE = {"version": 1, "accepted": [dict.fromkeys(("fingerprint", "subject", "rule", "place", "message"), "a")]}
SPEC = {"name": "x", "kind": "dense", "dtype": "float32", "shape": [None, 3]}
SIGNATURE = {"key": "serving_default", "inputs": [SPEC], "outputs": [SPEC]}
SIDE = {"source": "models/encoder", "reader": "saved_model", "sha256": "0" * 64, "signature": SIGNATURE}
CERTIFICATE = {
    "schema_version": 1,
    "adapter": "a.py",
    "sha256": "0" * 64,
    "producers": [SIDE],
    "consumer": {**SIDE, "load": {"imports": ["my_package.layers"], "lambdas": ["halve"]}},
    "facts": {"producer": {"x": {"range": [0, 1]}}},
    "level": "executed",
    "cases": 3,
    "sizes": {"x": [[3, 4]]},
    "seeds": [1],
}
ADAPTER = '''"""Adapter: encoder#serving_default -> classifier#serving_default. Written by `sigcheck adapt`.

provided  output_0: float32[?, 10]
required  x: float32[?, 1, 10]
steps     expand_dims(axis=1)    exact
"""
import tensorflow as tf


def adapt(outputs):
    return {"x": tf.expand_dims(outputs["output_0"], axis=1)}
'''


def archive(**arrays: list[object]) -> bytes:
    import numpy as np

    packed = io.BytesIO()
    np.savez(packed, **{name: np.array(value) for name, value in arrays.items()})
    return packed.getvalue()


# In folders of their own: of some names there are seeds of models, too.
PROJECT_SEEDS: dict[str, Callable[[], bytes]] = {
    "project/sigcheck.toml": CONFIG.encode,
    "project/pyproject.toml": ("[tool.other]\na = 1\n" + CONFIG.replace("[", "[tool.sigcheck.", 1)).encode,
    "project/sigcheck.lock": LOCK.encode,
    "project/facts.toml": FACTS.encode,
    "project/facts.json": json.dumps({"producer": {"x": {"range": [0, 1]}}}).encode,
    "project/baseline.json": json.dumps(BASELINE).encode,
    "project/adapter.certificate.json": json.dumps(CERTIFICATE).encode,
    "project/adapter.py": ADAPTER.encode,
    "project/example.npz": lambda: archive(**{"provided.x": [[1.0, 2.0]], "required.y": ["a", "b"]}),
    "project/case.npz": lambda: archive(**{"x": [1.5], "r:values": [1, 2], "r:row_splits_0": [0, 2]}),
}
