from __future__ import annotations

import json

import pytest

from sigcheck.schema.errors import UsageError
from sigcheck.testing import assert_accepts, assert_rejects

MODEL = {
    "inputs": [
        {"name": "image", "dtype": "float32", "shape": [None, None, 3], "sizes": ["batch", "height", 3]},
        {"name": "mask", "dtype": "float32", "shape": [None, None], "sizes": ["batch", "height"]},
    ],
    "outputs": [],
    "constraints": [{"holds": "height % 4 == 0"}],
}


@pytest.fixture
def model(tmp_path):
    (tmp_path / "model.json").write_text(json.dumps(MODEL))
    return str(tmp_path / "model.json")


def test_sizes_at_which_it_runs_are_accepted(model):
    fed = {"image": "float32[8, 96, 3]", "mask": "float32[8, 96]"}
    assert_accepts(model, fed)
    with pytest.raises(AssertionError, match="nothing is known by which"):
        assert_rejects(model, fed)


@pytest.mark.parametrize(
    ("image", "mask", "said"),
    [
        ("float32[8, 30, 3]", "float32[8, 30]", r"takes height % 4 == 0, given height = 30 \(28 or 32 would do\)"),
        ("float32[8, 32, 3]", "float32[8, 36]", "takes axis 1 of mask == axis 1 of image"),
        ("float32[8, 32, 4]", "float32[8, 32]", r"image: takes float32\[batch, height, 3\], given float32\[8, 32, 4\]"),
        ("float64[8, 32, 3]", "float32[8, 32]", "given float64"),
    ],
)
def test_what_refuses_the_inputs_is_told(model, image, mask, said):
    fed = {"image": image, "mask": mask}
    assert_rejects(model, fed)
    with pytest.raises(AssertionError, match=said):
        assert_accepts(model, fed)


def test_a_missing_input_is_a_refusal(model):
    assert_rejects(model, {"image": "float32[8, 32, 3]"})


def test_what_is_not_decided_is_neither(model):
    fed = {"image": "float32[8, ?, 3]", "mask": "float32[8, ?]"}
    with pytest.raises(AssertionError, match="the size is not given"):
        assert_accepts(model, fed)
    with pytest.raises(AssertionError, match="nothing is known"):
        assert_rejects(model, fed)


@pytest.mark.parametrize("given", ["float32[?, 3]", "float32[*]", "unknown[8, 3]"])
def test_what_is_left_open_is_no_refusal(given, tmp_path):
    fixed = {**MODEL, "inputs": [{"name": "x", "dtype": "float32", "shape": [8, 3]}], "constraints": []}
    (tmp_path / "fixed.json").write_text(json.dumps(fixed))
    with pytest.raises(AssertionError, match="nothing is known"):
        assert_rejects(str(tmp_path / "fixed.json"), {"x": given})
    with pytest.raises(AssertionError, match="may be another"):
        assert_accepts(str(tmp_path / "fixed.json"), {"x": given})


@pytest.mark.parametrize("given", ["ragged float32[8, None]", "float32[?, 4]", "float32[8]", "int32[*]"])
def test_what_is_another_whatever_is_left_open_is_one(given, tmp_path):
    fixed = {**MODEL, "inputs": [{"name": "x", "dtype": "float32", "shape": [8, 3]}], "constraints": []}
    (tmp_path / "fixed.json").write_text(json.dumps(fixed))
    assert_rejects(str(tmp_path / "fixed.json"), {"x": given})


def test_what_cannot_be_asked_is_no_answer(model, tmp_path):
    with pytest.raises(UsageError, match="no input 'picture'"):
        assert_accepts(model, {"picture": "float32[8, 32, 3]"})
    with pytest.raises(UsageError, match="expected specs by name"):
        assert_accepts(model, {})
    plain = {**MODEL, "inputs": [{"name": "x", "dtype": "float32", "shape": [None, 3]}], "constraints": []}
    (tmp_path / "plain.json").write_text(json.dumps(plain))
    with pytest.raises(UsageError, match="no graph of its file is followed"):
        assert_rejects(str(tmp_path / "plain.json"), {"x": "float32[8, 3]"})
