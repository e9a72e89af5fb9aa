"""A pipeline that crosses formats, from a SavedModel through an ONNX model to what servers and registries say."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from sigcheck.api import check
from sigcheck.pipelines.chain import check_chain
from sigcheck.readers import read
from sigcheck.reports import MODEL_FORMATS

SERVING = Path(__file__).parents[2] / "fixtures" / "serving"
CHAIN = ("schema.pbtxt", "repository/transform", "repository/rank")
ENCODER = Path(__file__).parents[2] / "fixtures" / "rank" / "encoder"


def detector(path: Path) -> Path:
    """An ONNX model of sequences of float64."""
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["batch", 1, 10]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "graph", ends[:1], ends[1:])
    onnx.save(helper.make_model(graph), path)
    return path


def test_a_numpy_adapter_stands_between_tensorflow_and_onnx(tmp_path):
    report = check(ENCODER, detector(tmp_path / "detector.onnx"), verify="typed")
    assert report.verdict == "adapts"
    assert report.adapter is not None
    given = np.arange(20, dtype=np.float32).reshape(2, 10)
    (taken,) = report.adapter.to_numpy()({"output_0": given}).values()
    assert (taken.dtype, taken.shape) == (np.float64, (2, 1, 10))
    assert np.array_equal(taken[:, 0], given)


def test_a_chain_ends_in_what_a_server_says(tmp_path):
    """The contract of the ONNX model as Triton has it takes what the encoder gives, through the same adapter."""
    path = detector(tmp_path / "detector.onnx")
    served = tmp_path / "detector"
    (served / "1").mkdir(parents=True)
    (served / "1" / "model.onnx").write_bytes(path.read_bytes())
    (served / "config.pbtxt").write_text(MODEL_FORMATS["triton"].render_models([read(path)]))
    assert read(served).contradictions == ()
    logged = tmp_path / "logged.json"
    logged.write_text(MODEL_FORMATS["kserve"].render_models([read(path)]))
    result, _ = check_chain([ENCODER, served, path, logged], verify="typed")
    assert [link.verdict for link in result.links] == ["adapts", "fits", "fits"]


def test_examples_a_preprocessor_a_ranker_an_ensemble_and_a_registry_agree():
    result, _ = check_chain([SERVING / name for name in CHAIN], verify="typed")
    assert [link.verdict for link in result.links] == ["fits", "fits"]
    for whole in ("repository/ranker", "registered"):
        assert read(SERVING / whole).contradictions == ()
        assert check(SERVING / CHAIN[0], SERVING / whole, verify="typed").verdict == "fits"
    # What is served is what was registered.
    registered, served = (read(SERVING / name).signatures[0] for name in ("registered", "repository/ranker"))
    for side in ("inputs", "outputs"):
        assert [str(one) for one in getattr(registered, side)] == [str(one) for one in getattr(served, side)]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("rank", "dims: [ 4 ]", "dims: [ 5 ]", "x"),
        ("rank", 'name: "x"', 'name: "features"', "features"),
        ("transform", "TYPE_STRING", "TYPE_INT64", "city"),
        ("transform", "dims: [ 4 ]", "dims: [ 2, 2 ]", "features"),
        ("ranker", 'name: "age" data_type: TYPE_FP32', 'name: "age" data_type: TYPE_FP64', "age"),
        ("ranker", 'key: "x"', 'key: "z"', "z"),
        ("ranker", "data_type: TYPE_FP32 dims: [ 1 ] } ]", "data_type: TYPE_FP32 dims: [ 2 ] } ]", "score"),
    ],
)
def test_whoever_says_otherwise_is_told(tmp_path, file, old, new, said):
    shutil.copytree(SERVING, tmp_path / "serving")
    path = tmp_path / "serving" / "repository" / file / "config.pbtxt"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = read(path.parent).contradictions
    assert found
    assert any(said in f"{one.place} {one.message}" for one in found)


def test_what_the_registry_gets_wrong_does_not_pass(tmp_path):
    shutil.copytree(SERVING / "registered", tmp_path / "registered")
    path = tmp_path / "registered" / "MLmodel"
    path.write_text(path.read_text().replace('"dtype": "str"', '"dtype": "int64"'))
    assert check(SERVING / CHAIN[0], path.parent, verify="typed").exit_code != 0


def test_what_fits_runs():
    """The two models one behind the other, each by its owner."""
    import tensorflow as tf
    from onnx.reference import ReferenceEvaluator

    transform = tf.saved_model.load(str(SERVING / "repository/transform/1/model.savedmodel"))
    ages, cities = tf.constant([[20.0], [60.0]]), tf.constant([["Lima"], ["Bern"]])
    features = transform.signatures["serving_default"](age=ages, city=cities)["features"].numpy()
    (scores,) = ReferenceEvaluator(str(SERVING / "repository/rank/1/model.onnx")).run(["y"], {"x": features})
    assert (scores.shape, scores.dtype) == ((2, 1), np.float32)
    assert features.tolist() == [[-1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
