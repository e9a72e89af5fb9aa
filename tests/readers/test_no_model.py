from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import h5py
import pytest

from sigcheck.readers import read
from sigcheck.readers.folder import find_models
from sigcheck.schema.errors import SourceError
from tests.readers.test_mutated_files import mutate


@pytest.mark.parametrize(
    ("name", "data", "said", "cure"),
    [
        (
            "model.ckpt.meta",
            b"\x0a\x03\x22\x01x",
            "the graph of a TensorFlow 1 checkpoint",
            "Export it as a SavedModel",
        ),
        ("model.ckpt.index", b"\0\0\0", "a checkpoint: weights", "Save the model itself"),
        ("model.ckpt.data-00000-of-00001", b"abc", "a checkpoint: weights", "Save the model itself"),
        ("checkpoint", b'model_checkpoint_path: "m"', "a checkpoint: weights", "Save the model itself"),
        ("model.tar.gz", b"\x1f\x8b\x08\0", "a packed archive", "Unpack it"),
        ("model.tgz", b"\x1f\x8b\x08\0", "a packed archive", "Unpack it"),
        ("model.tar", b"model/saved_model.pb\0", "a packed archive", "Unpack it"),
        ("model.safetensors", b"{}", "a checkpoint: weights", "Save the model itself"),
        ("model.pt", b"x", "a pickle, which is a program and never opened", "torch.export"),
        ("model.pt2", b"\0", "a program that PyTorch exported", "torch.export.load"),
        ("model.pkl", b"x", "a pickle, which is a program and never opened", "torch.export"),
        ("model.bin", b"\x80\x04\x95", "a pickle, which is a program and never opened", "torch.export"),
        ("model.zip", b"PK\x03\x04", "cut off, or not a zip|a zip archive", "Unpack it|copy it again"),
        ("model.py", b"import os", "Python code, which is never run", "Save the model"),
        ("model.bin", b"abc", "not a model", "Check the path"),
    ],
)
def test_what_is_often_taken_for_a_model_is_named(tmp_path: Path, name: str, data: bytes, said: str, cure: str) -> None:
    path = tmp_path / name
    path.write_bytes(data + bytes(20))
    with pytest.raises(SourceError) as caught:
        read(path)
    assert re.search(said, str(caught.value))
    assert re.search(cure, str(caught.value))


@pytest.mark.parametrize("names", [["checkpoint"], ["a.index", "a.data-00000-of-00001"]])
def test_a_folder_of_a_checkpoint_is_named(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"\0")
    with pytest.raises(SourceError, match="a checkpoint: weights, without the model"):
        read(tmp_path)


@pytest.mark.parametrize("libver", ["earliest", "latest"])
@pytest.mark.parametrize("attributes", [{}, {"layer_names": [b"a", b"b"]}])
def test_weights_alone_are_named(tmp_path: Path, attributes: dict[str, object], libver: str) -> None:
    path = tmp_path / "model.weights.h5"
    with h5py.File(path, "w", libver=libver) as file:
        file.create_group("layers/dense/vars").create_dataset("0", data=[1.0])
        for name, value in attributes.items():
            file.attrs[name] = value
    with pytest.raises(SourceError, match="expected a whole Keras model, not its weights alone"):
        read(path)


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n"


@pytest.mark.parametrize("name", ["m.keras", "m.tflite", "m.onnx", "m.h5", "m.pb", "model.json", "m/saved_model.pb"])
def test_a_file_that_git_lfs_has_not_fetched(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(LFS)
    with pytest.raises(SourceError, match=r"a pointer of Git LFS: the file itself is not here. Run `git lfs pull`.$"):
        read(path if path.parent == tmp_path else path.parent)


def test_a_file_that_dvc_keeps_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "m.keras.dvc"
    path.write_text("outs:\n- md5: abc\n  path: m.keras\n")
    with pytest.raises(SourceError, match=r"a pointer of DVC.*Run `dvc pull`, and name the file beside it.$"):
        read(path)


BERT = {
    "module": "keras_hub.src.models.bert.bert_backbone",
    "class_name": "BertBackbone",
    "config": {"name": "bert", "vocabulary_size": 30522, "hidden_dim": 128, "num_layers": 2},
    "registered_name": "keras_hub>BertBackbone",
}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (BERT, "a preset of keras_hub, .*: BertBackbone .vocabulary_size 30522, hidden_dim 128.*import keras_hub"),
        ({**BERT, "registered_name": None, "module": "keras_nlp.src.models"}, "a preset of keras_nlp"),
        ({"architectures": ["BertModel"], "model_type": "bert"}, "a model of Transformers, .*: BertModel.*ONNX"),
        ({**BERT, "config": []}, "a folder without a model"),
        ({"architectures": [], "model_type": "bert"}, "a folder without a model"),
        ([], "a folder without a model"),
        ("{", "a folder without a model"),
    ],
)
def test_a_preset_is_named_by_its_config(tmp_path: Path, config: object, said: str) -> None:
    (tmp_path / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
    if "without" not in said:
        with h5py.File(tmp_path / "model.weights.h5", "w") as weights:
            weights["layers/dense/vars/0"] = [1.0]
        assert [one.path for one in find_models(tmp_path)] == [tmp_path]
    with pytest.raises(SourceError, match=said):
        read(tmp_path)


def test_archives_around_a_model_are_named(tmp_path: Path) -> None:
    import tarfile
    import zipfile

    inside = tmp_path / "m" / "saved_model.pb"
    inside.parent.mkdir()
    inside.write_bytes(b"x")
    for name, member in (("m.zip", "m/saved_model.pb"), ("m.pth", "archive/data.pkl")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.write(inside, member)
    with tarfile.open(tmp_path / "m.tar.gz", "w:gz") as packed:
        packed.add(inside, "m/saved_model.pb")
    for name, what in (
        ("m.zip", "a zip archive that is no .keras file.*Unpack it, and name the model in it"),
        ("m.tar.gz", "a packed archive.*Unpack it, and name the model in it"),
        ("m.pth", "a pickle, which is a program and never opened"),
    ):
        with pytest.raises(SourceError, match=what):
            read(tmp_path / name)


@pytest.mark.parametrize("seed", range(300))
def test_a_config_that_is_broken_gives_the_one_line(tmp_path: Path, seed: int) -> None:
    (tmp_path / "config.json").write_bytes(mutate(json.dumps(BERT).encode(), Random(seed)))
    with pytest.raises(SourceError) as caught:
        read(tmp_path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 2_000


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("model.keras", "a .keras file"),
        ("model.tflite", "a .tflite file"),
        ("model.onnx", "an ONNX model (.onnx)"),
        ("model.h5", "a Keras .h5 file"),
        ("model.pb", "a frozen graph (.pb)"),
    ],
)
def test_of_a_file_its_ending_says_what_is_expected(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / name).write_bytes(b"garbage" * 20)
    with pytest.raises(SourceError) as caught:
        read(tmp_path / name)
    said = str(caught.value)
    assert said.endswith(f", expected {expected}. Export or copy it again."), said
