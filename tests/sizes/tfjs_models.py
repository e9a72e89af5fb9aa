"""TensorFlow.js models, written as its converter writes them, which cannot be installed beside TensorFlow 2.21."""

from __future__ import annotations

import json

import tensorflow as tf
from google.protobuf.json_format import MessageToDict

# What TensorFlow.js has as numbers; the converter narrows the others.
_STORED = {"float64": "float32", "int64": "int32", "uint8": "int32", "int8": "int32", "float16": "float32"}


def _info(tensor):
    shape = {"dim": [{"size": str(-1 if size is None else size)} for size in tensor.shape]}
    if tensor.shape.rank is None:
        shape = {"unknownRank": True}
    return {"name": tensor.name, "dtype": tensor.dtype.as_datatype_enum, "tensorShape": shape}


def write_graph(folder, traced):
    """A graph model of a function without variables: `model.json` and its weights."""
    folder.mkdir()
    nodes, weights, data = [], [], b""
    graph = traced.graph.as_graph_def()
    for node in graph.node:
        written = MessageToDict(node)
        written["attr"] = {name: value for name, value in written.get("attr", {}).items() if not name.startswith("_")}
        if node.op == "Const":
            values = tf.make_ndarray(node.attr["value"].tensor)
            if values.dtype.kind in "OSU":
                continue
            stored = _STORED.get(values.dtype.name, values.dtype.name)
            weights.append({"name": node.name, "shape": list(values.shape), "dtype": stored})
            data += values.astype(stored).tobytes()
            del written["attr"]["value"]
        nodes.append(written)
    (folder / "group1-shard1of1.bin").write_bytes(data)
    model = {
        "format": "graph-model",
        "modelTopology": {"node": nodes},
        "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": weights}],
        "signature": {
            "inputs": {one.op.name: _info(one) for one in traced.inputs},
            "outputs": {one.name: _info(one) for one in traced.outputs},
        },
    }
    (folder / "model.json").write_text(json.dumps(model))
    return folder


def write_layers(folder, model):
    """A layers model: the config of a Keras model; the weights are left out, which nobody reads."""
    folder.mkdir()
    topology = {"keras_version": "3.0.0", "backend": "tensorflow", "model_config": json.loads(model.to_json())}
    (folder / "model.json").write_text(
        json.dumps({"format": "layers-model", "modelTopology": topology, "weightsManifest": []})
    )
    return folder
