"""What a configuration leaves to the server, which takes it from the model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from onnx import TensorProto, helper

from sigcheck.readers import read
from sigcheck.schema.errors import SourceError

ENCODER = Path(__file__).parents[3] / "fixtures" / "rank" / "encoder"
X = 'input { name: "x" data_type: TYPE_FP32 dims: [ 4 ] } '
Y = 'output { name: "y" data_type: TYPE_FP32 dims: [ 2 ] } '


@pytest.fixture
def served(tmp_path):
    """Writes a model of ONNX in these versions, each with as many results, and a configuration."""

    def write(config: str | None, versions=(2,), batch="batch", name="m") -> Path:
        folder = tmp_path / name
        for version, count in enumerate(versions, start=1):
            x, y = (
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, size])
                for name, size in (("x", 4), ("y", count))
            )
            (folder / str(version)).mkdir(parents=True)
            model = helper.make_model(helper.make_graph([], "g", [x], [y]))
            (folder / str(version) / "model.onnx").write_bytes(model.SerializeToString())
        if config is not None:
            (folder / "config.pbtxt").write_text(config)
        return folder

    return write


@pytest.mark.parametrize(
    ("config", "shown", "held", "left"),
    [
        ('backend: "onnxruntime"', ["x: float32[?, 4]", "y: float32[?, 2]"], [], "inputs and outputs"),
        ("max_batch_size: 8", ["x: float32[batch, 4]", "y: float32[batch, 2]"], ["batch <= 8"], "inputs and outputs"),
        (f"max_batch_size: 8 {X}", ["x: float32[batch, 4]", "y: float32[batch, 2]"], ["batch <= 8"], "outputs"),
        (f"max_batch_size: 8 {Y}", ["x: float32[batch, 4]", "y: float32[batch, 2]"], ["batch <= 8"], "inputs"),
    ],
)
def test_what_is_left_out_is_taken_from_the_model(served, config, shown, held, left):
    model = read(served(config))
    (signature,) = model.signatures
    assert [f"{one.name}: {one.sized_spec}" for one in (*signature.inputs, *signature.outputs)] == shown
    assert [one.holds for one in signature.constraints] == held
    assert model.contradictions == ()
    (note,) = model.notes
    assert note.message.startswith(f"leaves its {left} to the server, which takes them from the model: ")
    assert ("max_batch_size too, which is 4 unless" in note.message) == (not held)


def test_it_is_that_of_the_newest_version_and_the_others_are_held_against_it(served):
    model = read(served("version_policy { all { } }", versions=(3, 2)))
    assert str(model.signatures[0].outputs[0]) == "y: float32[?, 2]"
    (found,) = model.contradictions
    assert (found.place, "size 2 on axis 1, the model has 3" in found.message) == ("y", True)


def test_a_model_without_a_batch_has_none(served):
    (signature,) = read(served("max_batch_size: 8", batch=1)).signatures
    assert str(signature.inputs[0]) == "x: float32[1, 4]"
    assert signature.constraints == ()
    (note,) = read(served('backend: "onnxruntime"', batch=1, name="fixed")).notes
    assert "max_batch_size" not in note.message


def test_a_saved_model_by_the_signature_that_is_served(tmp_path):
    shutil.copytree(ENCODER, tmp_path / "m" / "1" / "model.savedmodel")
    (tmp_path / "m" / "config.pbtxt").write_text('platform: "tensorflow_savedmodel" max_batch_size: 4')
    (signature,) = read(tmp_path / "m").signatures
    assert str(signature.inputs[0]) == "measurements: float32[?, 24]"
    other = 'platform: "tensorflow_savedmodel" parameters { key: "TF_SIGNATURE_DEF" value { string_value: "other" } }'
    (tmp_path / "m" / "config.pbtxt").write_text(other)
    with pytest.raises(SourceError, match="without input and output"):
        read(tmp_path / "m")


@pytest.mark.parametrize("config", ['backend: "vllm"', 'name: "m"'])
def test_without_a_model_that_is_read_it_is_one_line(tmp_path, config):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "model.json").write_text("{}")
    (tmp_path / "config.pbtxt").write_text(config)
    with pytest.raises(SourceError, match="without input and output, which the server takes from the model") as raised:
        read(tmp_path)
    assert "broken" not in str(raised.value)


def test_a_backend_whose_models_are_not_read_is_told(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "config.pbtxt").write_text(f'backend: "python" {X}{Y}')
    (note,) = read(tmp_path).notes
    assert (
        note.message == "not compared with a model: version 1 is run by the backend 'python', whose models are not read"
    )


STEP = (
    'ensemble_scheduling {{ step {{ model_name: "m" '
    'input_map {{ key: "{}" value: "a" }} output_map {{ key: "y" value: "b" }} }} }}'
)


@pytest.mark.parametrize("config", ["max_batch_size: 8", None])
@pytest.mark.parametrize(
    ("own", "problems"), [("x", []), ("z", ["goes into m as z, which has no input of this name", "m takes x"])]
)
def test_a_step_may_leave_them_to_the_server_too(served, tmp_path, config, own, problems):
    served(config)
    (tmp_path / "e").mkdir()
    ends = X.replace('"x"', '"a"') + Y.replace('"y"', '"b"')
    most = 0 if config is None else 8
    batched = ends if most else ends.replace("[ ", "[ -1, ")
    (tmp_path / "e" / "config.pbtxt").write_text(f"max_batch_size: {most} {batched}{STEP.format(own)}")
    found = [one.message for one in read(tmp_path / "e").contradictions]
    assert [problem in message for problem, message in zip(problems, found, strict=True)] == [True] * len(problems)


def test_a_step_whose_model_is_not_read_is_a_note(tmp_path):
    (tmp_path / "m" / "1").mkdir(parents=True)
    (tmp_path / "m" / "config.pbtxt").write_text('backend: "vllm"')
    (tmp_path / "e").mkdir()
    ends = X.replace('"x"', '"a"') + Y.replace('"y"', '"b"')
    (tmp_path / "e" / "config.pbtxt").write_text(f"{ends}{STEP.format('x')}")
    model = read(tmp_path / "e")
    assert model.contradictions == ()
    (note,) = model.notes
    assert (note.place, "left to the server, and its model is not read" in note.message) == ("m", True)
