"""A configuration beside the model that it speaks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sigcheck.api import check
from sigcheck.readers import read

ENCODER = Path(__file__).parents[3] / "fixtures" / "rank" / "encoder"
CONFIG = """
platform: "tensorflow_savedmodel"
max_batch_size: 8
input { name: "measurements" data_type: TYPE_FP32 dims: [ 24 ] }
output { name: "output_0" data_type: TYPE_FP32 dims: [ 10 ] }
"""


@pytest.fixture
def served(tmp_path):
    """Writes a model of a repository: the encoder under each of these versions, with a configuration."""

    def write(config: str, versions=("1",)) -> Path:
        folder = tmp_path / "m"
        folder.mkdir(exist_ok=True)
        (folder / "config.pbtxt").write_text(config)
        for version in versions:
            shutil.copytree(ENCODER, folder / version / "model.savedmodel")
        return folder

    return write


def test_a_configuration_that_says_what_the_model_says(served):
    model = read(served(CONFIG))
    assert (model.contradictions, model.notes) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("[ 24 ]", "[ 42 ]", "measurements", "size 42 on axis 1, the model has 24"),
        ("[ 24 ]", "[ -1 ]", "measurements", "size open on axis 1, the model has 24"),
        ("[ 24 ]", "[ 24, 1 ]", "measurements", "rank 3, the model has 2"),
        ("max_batch_size: 8", "max_batch_size: 0", "measurements", "rank 1, the model has 2"),
        ("TYPE_FP32 dims: [ 24", "TYPE_FP64 dims: [ 24", "measurements", "dtype float64, the model has float32"),
        ("[ 10 ]", "[ 11 ]", "output_0", "size 11 on axis 1, the model has 10"),
        ('"output_0"', '"output"', "output", "gives none of this name but output_0"),
        ('"measurements"', '"m"', "measurements", "not in the contract"),
        # Backends refuse to load what is open on one side only: sizes of outputs are to be the same.
        ("[ 10 ]", "[ -1 ]", "output_0", "size open on axis 1, the model has 10"),
        ("[ 24 ]", "[ 24 ] optional: true", "measurements", "may be left out"),
        # The rows of all requests come as one, behind each other.
        ("[ 24 ]", "[ -1 ] allow_ragged_batch: true", "measurements", "rank 1, the model has 2"),
    ],
)
def test_what_differs_is_told(served, old, new, place, problem):
    assert CONFIG.count(old) == 1
    found = read(served(CONFIG.replace(old, new))).contradictions
    told = [one.rule for one in found if one.place == place and problem in one.message]
    assert told == ["serving_contradicts_model"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[ 24 ]", "[ 4, 6 ] reshape { shape: [ 24 ] }"),
        # What is not said, the server takes from the model; outputs that it cuts into requests have other sizes.
        ("dims: [ 24 ]", ""),
        ("[ 10 ] }", '[ -1 ] } batch_output { target_name: "output_0" source_input: "measurements" }'),
    ],
)
def test_what_is_no_contradiction(served, old, new):
    """A reshape is what the model gets."""
    assert CONFIG.count(old) == 1
    assert read(served(CONFIG.replace(old, new))).contradictions == ()


def test_an_output_may_be_left_out_and_what_the_server_feeds_too(served):
    config = CONFIG.replace("input {", "batch_input { kind: BATCH_ELEMENT_COUNT target_name: ").replace(
        'target_name:  name: "measurements" data_type: TYPE_FP32 dims: [ 24 ] }', 'target_name: "measurements" }'
    )
    assert read(served(config)).contradictions == ()


@pytest.mark.parametrize(
    ("policy", "looked_at"),
    [
        ("", ["3"]),
        ("version_policy { latest { num_versions: 2 } }", ["2", "3"]),
        ("version_policy { all { } }", ["1", "2", "3"]),
        ("version_policy { specific { versions: [ 1, 7 ] } }", ["1"]),
    ],
)
def test_the_versions_that_are_served_are_looked_at(served, policy, looked_at):
    folder = served(CONFIG.replace("[ 24 ]", "[ 25 ]") + policy, ("1", "2", "3"))
    (folder / "0").mkdir()
    (folder / "notes").mkdir()
    found = read(folder).contradictions
    assert [one.message.split(", ")[2].split("/")[-2] for one in found] == looked_at


def test_a_signature_by_its_key(served):
    key = 'parameters { key: "TF_SIGNATURE_DEF" value { string_value: "other" } }'
    (found,) = read(served(CONFIG + key)).contradictions
    assert found.place == "other"
    assert "serving_default" in found.message


def test_a_model_that_cannot_be_read_is_a_note(served):
    folder = served(CONFIG, ())
    (folder / "1").mkdir()
    (folder / "1" / "model.onnx").write_bytes(b"no model")
    model = read(folder)
    assert model.contradictions == ()
    assert "not compared" in model.notes[0].message


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", ".hidden", "a/b", "C:x"])
def test_a_name_of_a_file_is_no_path(served, name, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "secret").write_text("{}")
    folder = served(f'{CONFIG} default_model_filename: "{name}"')
    model = read(folder)
    assert (model.contradictions, [note.message for note in model.notes]) == (
        (),
        [f"not compared with a model: version 1 has no {name}"],
    )


def test_a_folder_without_a_model_that_is_read_says_so(served):
    folder = served(CONFIG, ())
    (note,) = read(folder).notes
    assert (note.place, note.message) == ("m", "not compared with a model: no version that is served lies here")
    (folder / "1").mkdir()
    (folder / "1" / "model.plan").write_bytes(b"")
    (note,) = read(folder).notes
    assert note.message.startswith("not compared with a model: version 1 has no model.savedmodel or model.graphdef")


def onnx_model(folder, **shapes):
    """A model that gives each input as it is; of a scalar the shape is ()."""
    from onnx import TensorProto, helper

    ends = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()}
    gives = {name: helper.make_tensor_value_info(f"{name}_out", TensorProto.FLOAT, one) for name, one in shapes.items()}
    nodes = [helper.make_node("Identity", [name], [f"{name}_out"]) for name in shapes]
    graph = helper.make_graph(nodes, "g", list(ends.values()), list(gives.values()))
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(helper.make_model(graph).SerializeToString())


@pytest.mark.parametrize(
    ("shape", "most", "dims", "problem"),
    [
        (["n", 4], 8, "4", None),
        # With batches the first axis of inputs and outputs is to be open.
        ([1, 4], 8, "4", "size open on axis 0, the model has 1"),
        ([1, 4], 0, "1, 4", None),
        (["n", "m"], 8, "4", "size 4 on axis 1, the model has open"),
        # A scalar is served as tensors of one entry.
        ([], 0, "1", None),
        ([], 0, "2", "rank 1, the model has 0"),
    ],
)
@pytest.mark.parametrize("in_folder", [False, True])
def test_outputs_of_an_onnx_model_are_as_it_says(tmp_path, shape, most, dims, problem, in_folder):
    folder = tmp_path / "m"
    onnx_model(folder / "1" / ("model.onnx" if in_folder else ""), x=shape)
    ends = [
        f'{side} {{ name: "{name}" data_type: TYPE_FP32 dims: [ {dims} ] }}'
        for side, name in (("input", "x"), ("output", "x_out"))
    ]
    (folder / "config.pbtxt").write_text(f"max_batch_size: {most} " + " ".join(ends))
    model = read(folder)
    assert model.notes == ()
    found = [one.message for one in model.contradictions if one.place == "x_out"]
    assert [problem in message for message in found] == ([] if problem is None else [True])


def test_the_rows_of_all_requests_are_one_axis(tmp_path):
    folder = tmp_path / "m"
    onnx_model(folder / "1", x=["n"])
    config = 'max_batch_size: 8 input { name: "x" data_type: TYPE_FP32 dims: [ -1 ] allow_ragged_batch: true } '
    config += 'output { name: "x_out" data_type: TYPE_FP32 dims: [ -1 ] } batch_output { target_name: "x_out" }'
    (folder / "config.pbtxt").write_text(config)
    assert read(folder).contradictions == ()


def test_the_only_signature_is_served_where_none_is_named(served):
    """Triton takes any that it finds where there is no serving_default."""
    folder = served(CONFIG)
    path = folder / "1" / "model.savedmodel" / "saved_model.pb"
    path.write_bytes(path.read_bytes().replace(b"serving_default", b"other_than_that"))
    assert read(folder).contradictions == ()


@pytest.mark.parametrize(("dims", "problems"), [("24", []), ("42", ["measurements"])])
def test_any_signature_is_served_where_none_is_the_default(served, dims, problems):
    from tensorflow.core.protobuf import saved_model_pb2

    folder = served(CONFIG.replace("[ 24 ]", f"[ {dims} ]"))
    path = folder / "1" / "model.savedmodel" / "saved_model.pb"
    model = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    signatures = model.meta_graphs[0].signature_def
    for key in ("a", "b"):
        signatures[key].CopyFrom(signatures["serving_default"])
    signatures["b"].inputs["more"].CopyFrom(signatures["a"].inputs["measurements"])
    del signatures["serving_default"]
    path.write_bytes(model.SerializeToString())
    found = read(folder)
    assert [one.place for one in found.contradictions] == problems
    (note,) = found.notes
    assert "none of a, b is serving_default: the server takes any of them" in note.message


@pytest.mark.parametrize(
    ("version", "told", "problem"),
    [
        (8, "dims: [ 3 ] optional: true", None),
        (8, "dims: [ 4 ] optional: true", "size 4 on axis 0, the model has 3"),
        # What clients have to give is no default; and before version 4 values of a graph are constants.
        (8, "dims: [ 3 ]", "takes none of this name"),
        (3, "dims: [ 3 ] optional: true", "takes none of this name"),
    ],
)
def test_a_value_that_a_graph_has_may_be_given(tmp_path, version, told, problem):
    from onnx import TensorProto, helper

    x, w, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [3]) for name in "xwy")
    weights = helper.make_tensor("w", TensorProto.FLOAT, [3], [1.0] * 3)
    graph = helper.make_graph([helper.make_node("Add", ["x", "w"], ["y"])], "g", [x, w], [y], initializer=[weights])
    model = helper.make_model(graph)
    model.ir_version = version
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "model.onnx").write_bytes(model.SerializeToString())
    ends = f'input {{ name: "w" data_type: TYPE_FP32 {told} }} output {{ name: "y" data_type: TYPE_FP32 dims: [ 3 ] }}'
    (tmp_path / "config.pbtxt").write_text(f'input {{ name: "x" data_type: TYPE_FP32 dims: [ 3 ] }} {ends}')
    found = [one.message for one in read(tmp_path).contradictions]
    assert [problem in message for message in found] == ([] if problem is None else [True])


def test_a_check_of_it_is_an_error(served):
    report = check({"measurements": "float32[?, 42]"}, str(served(CONFIG.replace("[ 24 ]", "[ 42 ]"))), verify="typed")
    assert report.exit_code == 1
    (found,) = report.findings
    assert (found.rule, found.level, found.place) == ("serving_contradicts_model", "error", "measurements")


STATE = """
platform: "onnxruntime_onnx"
max_batch_size: 8
input { name: "x" data_type: TYPE_FP32 dims: [ 3 ] }
output { name: "y" data_type: TYPE_FP32 dims: [ 3 ] }
sequence_batching {
  state { input_name: "h_in" output_name: "h" data_type: TYPE_FP32 dims: [ 4 ] }
  control_input { name: "START" control { kind: CONTROL_SEQUENCE_START } }
}
"""


@pytest.fixture
def kept(tmp_path):
    """Writes a model of ONNX with a state, under a configuration."""
    from onnx import TensorProto, helper

    def write(config: str) -> Path:
        def ends(**sizes):
            return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in sizes.items()]

        graph = helper.make_graph(
            [], "graph", ends(x=["b", 3], h_in=["b", 4], START=["b", 1]), ends(y=["b", 3], h=["b", 4])
        )
        (tmp_path / "1").mkdir(exist_ok=True)
        (tmp_path / "1" / "model.onnx").write_bytes(helper.make_model(graph).SerializeToString())
        (tmp_path / "config.pbtxt").write_text(config)
        return tmp_path

    return write


def test_a_state_that_the_model_takes_and_gives(kept):
    assert read(kept(STATE)).contradictions == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"h_in" output_name', '"g" output_name', [("h_in", "not in the contract"), ("g", "takes none of this name")]),
        ('"h_in" output_name: "h"', '"h_in" output_name: "y"', [("y", "size 4 on axis 1, the model has 3")]),
        ("[ 4 ]", "[ 5 ]", [("h_in", "size 5 on axis 1"), ("h", "size 5 on axis 1")]),
        ("TYPE_FP32 dims: [ 4", "TYPE_FP16 dims: [ 4", [("h_in", "dtype float16"), ("h", "dtype float16")]),
    ],
)
def test_a_state_that_the_model_has_not_is_told(kept, old, new, told):
    assert STATE.count(old) == 1
    found = [(one.place, one.message) for one in read(kept(STATE.replace(old, new))).contradictions]
    assert len(found) == len(told), found
    for (place, message), (where, what) in zip(found, told, strict=True):
        assert (place, what in message) == (where, True), found


def test_a_state_of_a_saved_model_is_kept_by_nobody(served):
    state = 'state { input_name: "measurements" output_name: "output_0" data_type: TYPE_FP32 dims: [ 24 ] }'
    found = read(served(CONFIG + f"sequence_batching {{ {state} }}")).contradictions
    assert [one.place for one in found] == ["output_0", "measurements"]
    assert "is a state that the server keeps, and its backend of TensorFlow models keeps none" in found[1].message
