from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.encodings.servers import served

pytestmark = pytest.mark.usefixtures("folder")


def test_a_source_is_a_table(sigcheck):
    code, out, err = sigcheck("show", "encoder")
    assert (code, err) == (0, "")
    assert out == (
        "encoder (saved_model, 1 signature)\n"
        "\n"
        "serving_default\n"
        "          name          spec\n"
        "  input   measurements  float32[batch, 24]\n"
        "  output  output_0      float32[batch, 10]\n"
    )


def test_a_source_that_fails_does_not_hide_the_others(sigcheck):
    code, out, err = sigcheck("show", "encoder", "nowhere", "classifier.keras", "--format", "json")
    assert code == 2
    assert [model["source"] for model in json.loads(out)] == ["encoder", "classifier.keras"]
    assert err.startswith("sigcheck: nowhere: ")


def test_what_is_written_is_a_source(sigcheck):
    assert sigcheck("show", "encoder", "--output", "encoder.json") == (0, "", "")
    before = json.loads(sigcheck("show", "encoder", "--format", "json")[1])
    after = json.loads(sigcheck("show", "encoder.json", "--format", "json")[1])
    assert after["signatures"] == before["signatures"]


def test_a_file_that_is_there_is_kept_unless_forced(sigcheck):
    Path("encoder.json").write_text("{}")
    code, _, err = sigcheck("show", "encoder", "--output", "encoder.json")
    assert code == 2
    assert "Overwrite it with --force." in err
    assert Path("encoder.json").read_text() == "{}"
    assert sigcheck("show", "encoder", "--output", "encoder.json", "--force")[0] == 0
    assert json.loads(Path("encoder.json").read_text())["reader"] == "saved_model"


def test_nothing_is_written_where_a_source_fails(sigcheck):
    assert sigcheck("show", "encoder", "nowhere", "--output", "both.json")[0] == 2
    assert not Path("both.json").exists()


def test_a_key_and_tags_choose(sigcheck):
    assert sigcheck("show", "encoder", "--key", "serving_default", "--tags", "serve")[0] == 0
    code, _, err = sigcheck("show", "encoder", "--tags", "serve,gpu")
    assert code == 2
    assert "no meta graph of tags 'gpu,serve'" in err


def test_a_web_server_is_asked_once(sigcheck):
    """What lists nothing is no folder to be searched first: one that hangs would take the time twice."""
    with served({"/m.json": b'{"outputs": {"y": "float32[3]"}}'}) as server:
        assert sigcheck("show", f"{server.address}/m.json")[0] == 0
        assert server.asked == ["/m.json"]


def test_a_folder_is_searched_for_models(folder, sigcheck):
    code, out, _ = sigcheck("show", ".")
    assert code == 0
    assert "encoder (saved_model, 1 signature)" in out
    assert "classifier.keras (keras, 1 signature)" in out


def test_a_folder_without_models_is_refused(tmp_path, sigcheck):
    (tmp_path / "empty").mkdir()
    code, _, err = sigcheck("show", tmp_path / "empty")
    assert code == 2
    assert "an empty folder, expected a SavedModel folder" in err


def test_a_folder_far_away_is_searched_for_models(sigcheck, monkeypatch):
    import fsspec

    from sigcheck.encodings import remote

    monkeypatch.setattr(remote, "SCHEMES", {**remote.SCHEMES, "memory": "for tests"})
    address = "memory://shown-from-afar"
    fsspec.filesystem("memory").pipe_file(f"{address}/deep/m.toml", b'outputs.y = "float32[3]"')
    code, out, _ = sigcheck("show", address)
    assert (code, out.splitlines()[0]) == (0, f"{address}/deep/m.toml (signature_file, 1 signature)")
