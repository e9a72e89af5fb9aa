"""A pipeline that crosses formats, from a SavedModel through an ONNX model to what servers and registries say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from sigcheck.api import check
from sigcheck.pipelines.chain import check_chain
from sigcheck.readers import read
from sigcheck.reports import MODEL_FORMATS

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
