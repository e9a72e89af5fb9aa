"""TFLite files with operators and constants, written table by table: such as no converter would write, too."""

from __future__ import annotations

import flatbuffers
import numpy as np

from sigcheck.readers.tflite.tensor import DTYPES
from tests.readers.tflite.test_tflite import offsets, quantized, table, vector

# The kinds of options that are written here, by operator.
OPTIONS = {0: 11, 1: 5, 2: 10, 3: 1, 4: 2, 9: 8, 17: 5, 18: 21, 22: 17, 36: 23, 41: 28, 42: 29, 126: 101}


def one(name="t", dtype="float32", shape=(1, 4), values=None, quantization=None, **flags):
    """A tensor; with values it is a constant."""
    return {"name": name, "dtype": dtype, "shape": shape, "values": values, "quantization": quantization, **flags}


def op(code, inputs, outputs, options=None, kind=None):
    """An operator; its options are the fields of `table`."""
    return {"code": code, "inputs": inputs, "outputs": outputs, "options": options, "kind": kind}


def _tensor(builder, told, buffer):
    fields = {
        "f0_ref": vector(builder, told["shape"], 4, builder.PrependInt32),
        "f3_ref": builder.CreateString(told["name"]),
    }
    if told["quantization"] is not None:
        fields["f4_ref"] = quantized(builder, *told["quantization"])
    number = DTYPES.index(told["dtype"])
    return table(builder, **fields, f1_i8=number, f2_u32=buffer, f5_u8=told.get("variable", 0), f8_u8=1)


def _operator(builder, told, index):
    fields = {
        "f1_ref": vector(builder, told["inputs"], 4, builder.PrependInt32),
        "f2_ref": vector(builder, told["outputs"], 4, builder.PrependInt32),
    }
    if told["options"] is not None:
        fields["f4_ref"] = table(builder, **told["options"])
    kind = told["kind"] if told["kind"] is not None else OPTIONS.get(told["code"], 0)
    return table(builder, **fields, f0_u32=index, f3_u8=kind if told["options"] is not None else 0)


def written(tensors, operators, inputs=(0,), outputs=None):
    """A file of one subgraph, whose output is the last tensor unless others are named."""
    builder = flatbuffers.Builder()
    data = [None if told["values"] is None else np.asarray(told["values"], told["dtype"]).tobytes() for told in tensors]
    made = [_tensor(builder, told, at + 1 if data[at] is not None else 0) for at, told in enumerate(tensors)]
    graph = table(
        builder,
        f0_ref=offsets(builder, made),
        f1_ref=vector(builder, inputs, 4, builder.PrependInt32),
        f2_ref=vector(builder, outputs or [len(tensors) - 1], 4, builder.PrependInt32),
        f3_ref=offsets(builder, [_operator(builder, told, at) for at, told in enumerate(operators)]),
    )
    codes = [table(builder, f0_i8=min(told["code"], 127), f3_i32=told["code"]) for told in operators]
    filled = [None if one is None else builder.CreateByteVector(one) for one in data]
    buffers = [table(builder), *(table(builder) if one is None else table(builder, f0_ref=one) for one in filled)]
    graphs, codes, buffers = (offsets(builder, made) for made in ([graph], codes, buffers))
    builder.Finish(table(builder, f1_ref=codes, f2_ref=graphs, f4_ref=buffers), b"TFL3")
    return bytes(builder.Output())
