"""The command; what it writes is tested in tests/pipelines/test_fuse.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("folder", "typed")


def test_the_report_goes_to_stderr_and_a_folder_is_written(sigcheck):
    code, out, err = sigcheck("fuse", "encoder", "classifier.keras", "-o", "pipeline")
    assert (code, out) == (0, "")
    assert "expand_dims(axis=1)" in err
    assert err.endswith("sigcheck: wrote pipeline\n")
    assert (Path("pipeline") / "assets.extra" / "sigcheck.json").is_file()


def test_what_it_wrote_is_overwritten_and_nothing_else(sigcheck):
    arguments = ("fuse", "encoder", "classifier.keras", "-o", "pipeline", "-q")
    assert sigcheck(*arguments) == (0, "", "")
    assert sigcheck(*arguments) == (0, "", "")
    arguments = ("fuse", "encoder", "classifier.keras", "-o", "tokenizer")
    code, _, err = sigcheck(*arguments)
    assert code == 2
    assert "tokenizer: is there already, and sigcheck did not write it. Overwrite it with --force." in err
    assert (Path("tokenizer") / "saved_model.pb").is_file()
    assert sigcheck(*arguments, "--force")[0] == 0
    assert not (Path("tokenizer") / "saved_model.pb").exists()


def test_a_pipeline_that_does_not_fit_is_not_written(sigcheck):
    code, out, err = sigcheck("fuse", "tokenizer", "reader.keras", "--no-guard", "-o", "pipeline", "--format", "json")
    assert code == 1
    assert json.loads(out)["verdict"] == "blocked"
    assert err == "sigcheck: nothing written\n"
    assert not Path("pipeline").exists()


def test_a_repository_has_a_config_for_each_model(sigcheck):
    arguments = (
        "sensor.keras",
        "scorer",
        "--facts",
        "facts.toml",
        "--keep",
        "pressure",
        "--triton",
        "-o",
        "repository",
    )
    code, _, err = sigcheck("fuse", *arguments)
    assert code == 0, err
    assert sorted(str(path.parent) for path in Path("repository").glob("*/config.pbtxt")) == [
        "repository/pipeline",
        "repository/scorer",
        "repository/sensor",
        "repository/sensor_to_scorer",
    ]
    assert (Path("repository") / "scorer" / "1" / "model.savedmodel" / "saved_model.pb").is_file()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["encoder", "-o", "pipeline"], "1 source, expected two or more"),
        (["encoder", "classifier.keras"], "no -o or --output, expected one"),
        (["encoder", "nowhere", "-o", "pipeline"], "nowhere: no such file or folder"),
        (["encoder", "classifier.keras", "-o", "no/pipeline"], "in no folder that exists"),
        (["encoder", "classifier.keras", "-o", "pipeline", "--keep", "x"], "keep x: no model before the last gives it"),
    ],
)
def test_what_is_wrong_is_one_line(sigcheck, arguments, problem):
    code, out, err = sigcheck("fuse", *arguments)
    assert (code, out) == (2, "")
    assert problem in err
    assert not Path("pipeline").exists()
