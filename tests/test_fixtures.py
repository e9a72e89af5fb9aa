"""The committed models are what the committed script builds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sigcheck.api import read

FIXTURES = Path(__file__).parents[1] / "fixtures"
MODELS = (
    "rank/encoder",
    "rank/classifier.keras",
    "range/sensor.keras",
    "range/scorer",
    "rows/tokenizer",
    "rows/reader.keras",
    "serving/repository/transform/1/model.savedmodel",
    "serving/repository/rank/1/model.onnx",
    "project/models/resizer",
    "project/models/backbone.keras",
    "project/models/tagger.keras",
    "project/models/tokenizer",
    "project/models/text_encoder.keras",
    "project/change/models/backbone.keras",
)


@pytest.mark.tensorflow
def test_the_script_builds_models_of_the_committed_signatures(tmp_path):
    subprocess.run([sys.executable, FIXTURES / "build.py", tmp_path], check=True, capture_output=True, timeout=300)
    built = {name: read(tmp_path / name).signatures for name in MODELS}
    assert built == {name: read(FIXTURES / name).signatures for name in MODELS}


@pytest.mark.parametrize("name", MODELS)
def test_a_committed_model_is_small(name):
    model = FIXTURES / name
    files = [model] if model.is_file() else [path for path in model.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 100_000
