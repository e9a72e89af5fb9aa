from __future__ import annotations

from pathlib import Path

from sigcheck.encodings.permission import NO_PERMISSION, Permission, locate
from sigcheck.project.cache import NO_CACHE
from sigcheck.project.read_models import read_models
from sigcheck.project.read_once import ReadOnce

from .conftest import CONFIG


def test_sources_are_named_from_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert locate(tmp_path, "models/a#serving_default") == "../models/a#serving_default"
    assert locate(Path(), str(tmp_path / "b.keras")) == "../b.keras"
    assert locate(tmp_path, "https://example.com/a.keras") == "https://example.com/a.keras"


def test_what_is_here(sample):
    def is_here(text):
        return ReadOnce(Path(), (), NO_PERMISSION, NO_CACHE).find_here(text) is not None

    assert is_here("models/resizer#serving_default")
    assert is_here("models/backbone.keras")
    assert not is_here("models/calibrator")
    assert not is_here("https://example.com/calibrator.keras")
    (sample / "models" / "resizer" / "saved_model.pb").write_text("version https://git-lfs.github.com/spec/v1\n")
    assert not is_here("models/resizer")


def test_remote_models_are_read_side_by_side_and_fail_each_for_itself(project):
    # Nothing listens on port 1.
    config = project(CONFIG.replace("encoder.toml", "http://127.0.0.1:1/encoder.toml"))
    readings = read_models(config, None, Permission.given(private=True))
    assert list(readings) == ["encoder", "classifier"]
    assert "cannot be read" in readings["encoder"].linted.problem
    assert readings["classifier"].linted.problem is None


def test_keys_and_tags_of_the_entry(project):
    two = '[[signatures]]\nkey = "a"\noutputs.y = "int32[]"\n[[signatures]]\nkey = "b"\noutputs.z = "int32[]"\n'
    config = project(CONFIG.replace('"encoder.toml"', '"encoder.toml"\nkey = "b"'), encoder=two)
    assert read_models(config, None)["encoder"].linted.signature.key == "b"
    config = project(CONFIG.replace('"encoder.toml"', '"encoder.toml#a"'), encoder=two)
    assert read_models(config, None)["encoder"].linted.signature.key == "a"
    assert "Name one with encoder.toml#" in read_models(project(encoder=two), None)["encoder"].linted.problem
