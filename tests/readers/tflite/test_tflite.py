"""TFLite files: against the interpreter where TensorFlow converts them, and by hand where it does not."""

from __future__ import annotations

import io
import random
import zipfile

import flatbuffers
import pytest

from sigcheck.api import check
from sigcheck.readers import read
from sigcheck.schema.errors import SourceError

FLOAT32, UINT8, STRING, INT8 = 0, 3, 5, 9


def vector(builder, values, size, prepend):
    builder.StartVector(size, len(values), size)
    for value in reversed(values):
        prepend(value)
    return builder.EndVector()


def offsets(builder, values):
    return vector(builder, values, 4, builder.PrependUOffsetTRelative)


def table(builder, **fields):
    """A table from `f3_i32=7`, `f0_ref=offset` and the like; references stand before plain values."""
    writers = {
        "ref": builder.PrependUOffsetTRelativeSlot,
        "i32": builder.PrependInt32Slot,
        "u32": builder.PrependUint32Slot,
        "i8": builder.PrependInt8Slot,
        "u8": builder.PrependUint8Slot,
    }
    builder.StartObject(16)
    for name, value in fields.items():
        number, _, kind = name[1:].partition("_")
        writers[kind](int(number), value, 0)
    return builder.EndObject()


def quantized(builder, scales, zero_points, axis=0):
    scale = vector(builder, scales, 4, builder.PrependFloat32)
    zero = vector(builder, zero_points, 8, builder.PrependInt64)
    return table(builder, f2_ref=scale, f3_ref=zero, f6_i32=axis)


def tensor(builder, name, dtype=FLOAT32, shape=(1, 4), signature=None, has_rank=True, quantization=None):
    fields = {
        "f0_ref": vector(builder, shape, 4, builder.PrependInt32),
        "f3_ref": builder.CreateString(name),
    }
    if signature is not None:
        fields["f7_ref"] = vector(builder, signature, 4, builder.PrependInt32)
    if quantization is not None:
        fields["f4_ref"] = quantized(builder, *quantization)
    return table(builder, **fields, f1_i8=dtype, f8_u8=has_rank)


def subgraph(builder, tensors, inputs, outputs):
    made = [tensor(builder, **one) for one in tensors]
    return table(
        builder,
        f0_ref=offsets(builder, made),
        f1_ref=vector(builder, inputs, 4, builder.PrependInt32),
        f2_ref=vector(builder, outputs, 4, builder.PrependInt32),
    )


def signature(builder, key, inputs, outputs, graph=0):
    sides = []
    for pairs in (inputs, outputs):
        maps = [table(builder, f0_ref=builder.CreateString(name), f1_u32=index) for name, index in pairs]
        sides.append(offsets(builder, maps))
    return table(builder, f0_ref=sides[0], f1_ref=sides[1], f2_ref=builder.CreateString(key), f4_u32=graph)


def model(graphs, signatures=(), metadata=None):
    builder = flatbuffers.Builder()
    fields = {"f2_ref": offsets(builder, [subgraph(builder, *one) for one in graphs])}
    if signatures:
        fields["f7_ref"] = offsets(builder, [signature(builder, *one) for one in signatures])
    if metadata is not None:
        data = builder.CreateByteVector(metadata)
        fields["f4_ref"] = offsets(builder, [table(builder), table(builder, f0_ref=data)])
        entry = table(builder, f0_ref=builder.CreateString("TFLITE_METADATA"), f1_u32=1)
        fields["f6_ref"] = offsets(builder, [entry])
    builder.Finish(table(builder, **fields), b"TFL3")
    return bytes(builder.Output())


def metadata(inputs=(), outputs=()):
    builder = flatbuffers.Builder()
    sides = [offsets(builder, [told(builder, **one) for one in side]) for side in (inputs, outputs)]
    graph = table(builder, f2_ref=sides[0], f3_ref=sides[1])
    builder.Finish(table(builder, f3_ref=offsets(builder, [graph])), b"M001")
    return bytes(builder.Output())


def told(builder, mean=None, std=None, colors=None, labels=None, labels_type=2):
    fields = {}
    if mean is not None:
        numbers = [vector(builder, one, 4, builder.PrependFloat32) for one in (mean, std)]
        unit = table(builder, f1_ref=table(builder, f0_ref=numbers[0], f1_ref=numbers[1]), f0_u8=1)
        fields["f4_ref"] = offsets(builder, [unit])
    if colors is not None:
        fields["f3_ref"] = table(builder, f1_ref=table(builder, f0_i8=colors), f0_u8=2)
    if labels is not None:
        file = table(builder, f0_ref=builder.CreateString(labels), f2_i8=labels_type)
        fields["f6_ref"] = offsets(builder, [file])
    return table(builder, **fields)


def with_files(data, **files):
    """The model with a zip behind it, as the metadata writer puts it."""
    packed = io.BytesIO(data)
    packed.seek(0, io.SEEK_END)
    with zipfile.ZipFile(packed, "a") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.txt", text)
    return packed.getvalue()


X, Y = {"name": "x"}, {"name": "y", "shape": (1, 3)}
PLAIN = ([X, Y], [0], [1])


@pytest.fixture
def show(tmp_path):
    def write_and_read(data):
        path = tmp_path / "m.tflite"
        path.write_bytes(data)
        return read(path)

    return write_and_read


def texts(endpoints):
    return [str(one) for one in endpoints]


def test_main_subgraph_without_signatures(show):
    found = show(model([PLAIN, PLAIN])).signatures
    assert [one.key for one in found] == ["default"]
    assert texts(found[0].inputs) == ["x: float32[1, 4]"]
    assert texts(found[0].outputs) == ["y: float32[1, 3]"]


def test_shape_signature_over_shape(show):
    tensors = [{"name": "x", "shape": (1, 4), "signature": (-1, 4)}, {"name": "y", "shape": (1, 1), "signature": ()}]
    found = show(model([(tensors, [0], [1])])).signatures[0]
    assert texts([*found.inputs, *found.outputs]) == ["x: float32[?, 4]", "y: float32[1, 1]"]


def test_unknown_rank_and_scalar_are_told_apart(show):
    tensors = [{"name": "x", "shape": (), "has_rank": False}, {"name": "y", "shape": (), "has_rank": True}]
    found = show(model([(tensors, [0], [1])])).signatures[0]
    assert texts([*found.inputs, *found.outputs]) == ["x: float32[*]", "y: float32[]"]


def test_signatures_map_by_index_and_stand_in_the_order_of_their_subgraph(show):
    tensors = [{"name": "t0", "shape": (1,)}, {"name": "t1", "shape": (2,)}, {"name": "t2", "shape": (3,)}]
    signatures = [("b", [("a", 0), ("z", 1)], [("r", 2)], 1), ("a", [("in", 0)], [("p", 1), ("q", 1)], 0)]
    found = show(model([(tensors, [0], [1]), (tensors, [1, 0], [2])], signatures)).signatures
    assert [one.key for one in found] == ["b", "a"]
    assert texts(found[0].inputs) == ["z: float32[2]", "a: float32[1]"]
    assert texts(found[0].outputs) == ["r: float32[3]"]
    assert texts(found[1].outputs) == ["p: float32[2]", "q: float32[2]"]


def test_quantization_of_input_and_output_and_along_an_axis(show):
    tensors = [
        {"name": "x", "dtype": UINT8, "quantization": ([0.5], [128])},
        {"name": "y", "dtype": INT8, "shape": (1, 3), "quantization": ([0.25, 0.5, 1.0], [0, 1, 2], 1)},
    ]
    found = show(model([(tensors, [0], [1])])).signatures[0]
    one, other = found.inputs[0].spec.facts, found.outputs[0].spec.facts
    assert (one.quantization.scale, one.quantization.zero_point, one.quantization.axis) == ((0.5,), (128,), None)
    assert one.origins == {"quantization": "read"}
    assert other.quantization.axis == 1
    assert other.quantization.scale == (0.25, 0.5, 1.0)


@pytest.mark.parametrize(
    "quantization", [([0.0], [0]), ([float("nan")], [0]), ([1.0, 2.0], [0, 0, 0]), ([1.0] * 4, [0], 9)]
)
def test_quantization_that_cannot_be_is_left_out_with_a_note(show, quantization):
    found = show(model([([{"name": "x", "dtype": INT8, "quantization": quantization}, Y], [0], [1])]))
    assert found.signatures[0].inputs[0].spec.facts.quantization is None
    assert [note.place for note in found.notes] == ["x"]


def test_a_scale_beside_floats_means_nothing(show):
    found = show(model([([{"name": "x", "dtype": FLOAT32, "quantization": ([0.5], [3])}, Y], [0], [1])]))
    assert found.signatures[0].inputs[0].spec.facts.quantization is None
    assert found.notes == ()


def test_metadata_of_an_image_classifier(show):
    image = {"name": "image", "shape": (1, 8, 8, 3)}
    scores = {"name": "scores", "shape": (1, 3)}
    data = metadata([{"mean": [127.5], "std": [128.0], "colors": 1}], [{"labels": "labels.txt"}])
    found = show(with_files(model([([image, scores], [0], [1])], metadata=data), labels="cat\ndog\n"))
    facts = found.signatures[0].inputs[0].spec.facts
    assert (facts.normalization.mean, facts.normalization.std) == ((127.5,), (128.0,))
    assert (facts.channel_order, facts.meaning) == ("RGB", "pixels")
    assert set(facts.origins.values()) == {"read"}
    assert [(note.place, note.message) for note in found.notes] == [
        ("scores", "its file of labels names 2, its last axis has 3")
    ]


# What published segmenters give: one mask, scores of classes, one mask of ids, and a picture.
@pytest.mark.parametrize(
    "given",
    [
        {"name": "mask", "shape": (1, 8, 8, 1)},
        {"name": "logits", "shape": (1, 8, 8, 21)},
        {"name": "ids", "shape": (1, 8, 8), "dtype": UINT8},
        {"name": "styled", "shape": (1, 8, 8, 3)},
    ],
    ids=lambda given: given["name"],
)
@pytest.mark.parametrize("colors", [1, 2])
def test_the_image_that_a_model_gives_may_be_a_mask_and_is_no_pixels(show, colors, given):
    image = {"name": "image", "shape": (1, 8, 8, 3)}
    told = {"colors": colors, "mean": [0.0], "std": [1 / 255]}
    (signature,) = show(model([([image, given], [0], [1])], metadata=metadata([told], [told]))).signatures
    facts = signature.inputs[0].spec.facts
    assert (facts.meaning, facts.channel_order) == ("pixels", {1: "RGB", 2: "GRAY"}[colors])
    assert facts.normalization is not None
    assert signature.outputs[0].spec.facts.known() == {}


def test_masks_are_not_fed_on_as_photos(tmp_path):
    """Nothing is known of the result of a segmenter, so that nothing is converted by what its metadata calls it."""
    image = {"name": "image", "shape": (1, 8, 8, 3)}
    told = [{"colors": 2, "mean": [0.0], "std": [1 / 255]}]
    logits = {"name": "logits", "shape": (1, 8, 8, 1)}
    for name, ends, facts in (
        ("segmenter", [image, logits], metadata([{"colors": 1}], told)),
        ("photos", [image, {"name": "y", "shape": (1, 2)}], metadata([{"colors": 1, "mean": [127.5], "std": [127.5]}])),
    ):
        (tmp_path / f"{name}.tflite").write_bytes(model([(ends, [0], [1])], metadata=facts))
    report = check(str(tmp_path / "segmenter.tflite"), str(tmp_path / "photos.tflite"), verify="typed")
    assert report.verdict == "undecided"
    (binding,) = report.bindings
    assert [step.transform for step in binding.candidates[0].steps] == ["repeat"]


def test_labels_of_values_count_the_ids(show):
    data = metadata(outputs=[{"labels": "labels.txt", "labels_type": 3}])
    found = show(with_files(model([PLAIN], metadata=data), labels="a\nb\nc"))
    facts = found.signatures[0].outputs[0].spec.facts
    assert (facts.id_count, facts.meaning, facts.origins["id_count"]) == (3, "class_ids", "read")


def test_normalization_of_a_quantized_input_is_a_note(show):
    pixels = {"name": "x", "dtype": UINT8, "quantization": ([1 / 128], [127])}
    found = show(model([([pixels, Y], [0], [1])], metadata=metadata([{"mean": [127.5], "std": [128.0]}])))
    assert found.signatures[0].inputs[0].spec.facts.normalization is None
    assert "mean 127.5 and std 128" in found.notes[0].message


def test_broken_metadata_is_a_note_and_the_signature_stands(show):
    found = show(model([PLAIN], metadata=b"\xff" * 40))
    assert texts(found.signatures[0].inputs) == ["x: float32[1, 4]"]
    assert found.notes[0].place == "metadata"


def test_an_unknown_tensor_type_is_noted(show):
    found = show(model([([{"name": "x", "dtype": 99}, Y], [0], [1])]))
    assert str(found.signatures[0].inputs[0]) == "x: unknown[1, 4]"
    assert "tensor type 99" in found.notes[0].message


@pytest.mark.parametrize("size", [8, 12, 20, 60])
def test_truncated_files_are_an_error(show, size):
    with pytest.raises(SourceError, match=r"m\.tflite"):
        show(model([PLAIN])[:size])


@pytest.mark.parametrize(
    "graphs",
    [[([X, Y], [7], [1])], [([X, Y], list(range(20_000)), [1])], [([{"name": "x", "shape": [1] * 300}], [0], [0])], []],
)
def test_offsets_and_counts_out_of_range_are_an_error(show, graphs):
    with pytest.raises(SourceError):
        show(model(graphs))


def test_mutated_files_give_a_model_or_the_one_error(show):
    rich = metadata([{"mean": [1.0], "std": [2.0], "colors": 1}], [{"labels": "labels.txt"}])
    tensors = [{"name": "x", "dtype": UINT8, "quantization": ([0.5], [128]), "signature": (-1, 4)}, Y]
    seed = with_files(model([(tensors, [0], [1])], [("k", [("x", 0)], [("y", 1)])], rich), labels="a\nb\nc")
    random.seed(3)
    outcomes = set()
    for _ in range(600):
        data = bytearray(seed)
        for _ in range(random.randint(1, 5)):
            data[random.randrange(8, len(data))] = random.choice([0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)])
        if random.random() < 0.1:
            del data[random.randrange(8, len(data)) :]
        try:
            show(bytes(data))
            outcomes.add("read")
        except SourceError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


# What TensorFlow itself converts, and its interpreter's account of it.


@pytest.fixture(scope="module")
def tf():
    import tensorflow as tf

    return tf


def converted(tf):
    class Many(tf.Module):
        @tf.function(
            input_signature=[tf.TensorSpec([None, 4], tf.float32, name="b"), tf.TensorSpec([2], tf.float32, name="a")]
        )
        def encode(self, b, a):
            return {"z": b * 2.0, "y": tf.reduce_sum(b) + a}

        @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32, name="ids")])
        def decode(self, ids):
            return {"out": ids + 1}

    module = Many()
    functions = [module.encode.get_concrete_function(), module.decode.get_concrete_function()]
    yield tf.lite.TFLiteConverter.from_concrete_functions(functions[:1], module).convert()
    with_keys = tf.lite.TFLiteConverter.from_concrete_functions(functions[1:], module)
    yield with_keys.convert()
    for dtype in (tf.float32, tf.int8, tf.uint8):
        x = tf.keras.Input((8,), name="x")
        net = tf.keras.Model(x, tf.keras.layers.Dense(3, activation="softmax")(x))
        converter = tf.lite.TFLiteConverter.from_keras_model(net)
        if dtype != tf.float32:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: iter([[tf.random.uniform((1, 8))] for _ in range(3)])
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = converter.inference_output_type = dtype
        yield converter.convert()


@pytest.mark.tensorflow
def test_converted_models_agree_with_the_interpreter(tf, show):
    for data in converted(tf):
        found = show(data)
        interpreter = tf.lite.Interpreter(model_content=data)
        listed = interpreter.get_signature_list()
        assert {one.key for one in found.signatures} == set(listed)
        for one in found.signatures:
            runner = interpreter.get_signature_runner(one.key)
            sides = ((one.inputs, runner.get_input_details()), (one.outputs, runner.get_output_details()))
            for endpoints, details in sides:
                assert {endpoint.name for endpoint in endpoints} == set(details)
                for endpoint in endpoints:
                    agree(endpoint, details[endpoint.name], tf)


def agree(endpoint, detail, tf):
    assert endpoint.spec.dtype == tf.as_dtype(detail["dtype"]).name
    sizes = detail["shape_signature"] if len(detail["shape_signature"]) else detail["shape"]
    assert endpoint.spec.shape == tuple(None if size < 0 else int(size) for size in sizes)
    quantization, (scale, zero_point) = endpoint.spec.facts.quantization, detail["quantization"]
    if quantization is None:
        assert scale == 0.0
    else:
        assert quantization.scale == pytest.approx((scale,))
        assert quantization.zero_point == (zero_point,)
