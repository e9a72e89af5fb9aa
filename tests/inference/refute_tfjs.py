"""Refute: as `refute`, for TensorFlow.js graph models, written as its converter does; TensorFlow runs their graphs.

python -m tests.inference.refute_tfjs FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import tensorflow as tf
from google.protobuf.json_format import MessageToDict

from tests.inference.refute import run_traps

# What TensorFlow.js has as numbers; the converter narrows the others.
STORED = {"float64": "float32", "int64": "int32", "uint8": "int32", "int8": "int32", "float16": "float32"}
# One file of weights is cut here, in the middle of numbers.
SHARD_BYTES = 7


def write_model(folder, graph, output) -> str:
    """A `model.json` and its weights, from a frozen graph of one input `x`."""
    folder.mkdir()
    nodes, weights, data = [], [], b""
    for node in graph.node:
        written = MessageToDict(node)
        written["attr"] = {name: value for name, value in written.get("attr", {}).items() if not name.startswith("_")}
        if node.op == "Const":
            values = tf.make_ndarray(node.attr["value"].tensor)
            stored = STORED.get(values.dtype.name, values.dtype.name)
            weights.append({"name": node.name, "shape": list(values.shape), "dtype": stored})
            data += values.astype(stored).tobytes()
            del written["attr"]["value"]
        nodes.append(written)
    paths = []
    for at in range(0, len(data), SHARD_BYTES):
        paths.append(f"group1-shard{at}.bin")
        (folder / paths[-1]).write_bytes(data[at : at + SHARD_BYTES])
    (x,) = (node for node in graph.node if node.op == "Placeholder")
    info = {"name": "x:0", "dtype": tf.as_dtype(x.attr["dtype"].type).as_datatype_enum, "tensorShape": {}}
    shape = {"dim": [{"size": str(-1 if size is None else size)} for size in output.shape]}
    told = {"name": "Identity:0", "dtype": output.dtype.as_datatype_enum, "tensorShape": shape}
    model = {
        "format": "graph-model",
        "modelTopology": {"node": nodes},
        "weightsManifest": [{"paths": paths, "weights": weights}],
        "signature": {"inputs": {"x": info}, "outputs": {"Identity": told}},
    }
    (folder / "model.json").write_text(json.dumps(model))
    return str(folder)


def main(folder: str) -> None:
    run_traps(lambda name, traced: write_model(Path(folder) / name, traced.graph.as_graph_def(), traced.outputs[0]))


if __name__ == "__main__":
    main(sys.argv[1])
