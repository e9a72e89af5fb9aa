"""TFLite models whose tables are the same ones again and again."""

from __future__ import annotations

import io
import zipfile
from random import Random

import flatbuffers

from tests.fuzz.hostile.generator import Generator
from tests.readers.tflite.test_tflite import offsets, quantized, table, vector


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


GENERATORS: dict[str, list[Generator]] = {
    "model.tflite": [shared_tables, shared_metadata],
}
