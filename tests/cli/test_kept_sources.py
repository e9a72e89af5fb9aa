from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sigcheck.cli.kept_sources import keep_sources
from sigcheck.schema.errors import UsageError
from tests.cli.conftest import FIXTURES


def content_of(place):
    return {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize(
    ("command", "output"),
    [
        (("adapt", "encoder", "classifier.keras"), "classifier.keras"),
        (("adapt", "encoder", "classifier.keras", "--as", "keras"), "classifier.keras"),
        (("adapt", "encoder#serving_default", "classifier.keras", "--as", "saved_model"), "encoder"),
        (("adapt", "sensor.keras", "scorer", "--facts", "facts.toml"), "facts.toml"),
        (("adapt", "encoder", "classifier.keras", "--example", "pair.npz"), "pair.npz"),
        (("fuse", "encoder", "classifier.keras"), "encoder"),
        (("show", "classifier.keras"), "./classifier.keras"),
        (("show", "encoder"), "encoder/saved_model.pb"),
        (("show", "encoder#serving_default"), "encoder/saved_model.pb"),
        (("show", "."), "encoder/saved_model.pb"),
        (("show", "registered"), "registered/MLmodel"),
        (("adapt", "encoder", "classifier.keras"), "encoder/variables/variables.index"),
        (("fuse", "encoder", "classifier.keras"), "encoder/variables"),
        (("show", "encoder"), "encoder/assets/vocab.txt"),
        (("adapt", "encoder", "classifier.keras"), "encoder/assets.extra/warmup"),
        (("show", "registered"), "registered/model/assets/vocab.txt"),
        (("observe", "data.csv"), "data.csv"),
        (("observe", "*.csv"), "data.csv"),
        (("observe", "data.csv", "--features", "records.toml"), "records.toml"),
    ],
    ids=" ".join,
)
def test_no_command_writes_over_what_it_reads(sigcheck, folder, command, output):
    (folder / "data.csv").write_text("a,b\n1,2\n3,4\n")
    (folder / "pair.npz").write_bytes(b"PK")
    (folder / "records.toml").write_text("")
    shutil.copytree(FIXTURES / "serving" / "registered", folder / "registered")
    for asset in ("encoder/assets/vocab.txt", "encoder/assets.extra/warmup", "registered/model/assets/vocab.txt"):
        (folder / asset).parent.mkdir(parents=True, exist_ok=True)
        (folder / asset).write_text("the\n")
    before = content_of(folder)
    code, _, err = sigcheck(*command, "-o", output, "--force")
    assert code == 2
    assert err.endswith("is read for it, and would be written over, expected another place. Name another with -o.\n")
    assert content_of(folder) == before


def test_a_folder_around_a_source_is_kept_and_one_beside_it_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models" / "a").mkdir(parents=True)
    (tmp_path / "adapter").mkdir()
    with pytest.raises(UsageError, match="would be written over"):
        keep_sources(Path("models"), ["models/a"])
    with pytest.raises(UsageError, match="would be written over"):
        keep_sources(tmp_path / "models", ["models/a#encode"])
    keep_sources(Path("adapter"), ["models/a", "https://example.com/adapter", "a\0b", "#", ""])
    keep_sources(Path("new"), ["new"])


def test_what_an_earlier_run_left_in_a_model_is_written_anew(folder, sigcheck):
    for _ in range(2):
        assert sigcheck("show", "encoder", "-o", "encoder/encoder.json", "--force")[0] == 0
        assert sigcheck("show", ".", "-o", "all.json", "--force")[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="links need a permission there")
def test_a_link_is_replaced_itself_and_keeps_what_it_leads_to(tmp_path):
    (tmp_path / "model.json").write_text("{}")
    (tmp_path / "link.json").symlink_to("model.json")
    keep_sources(tmp_path / "link.json", [str(tmp_path / "model.json")])
    for output in ("link.json", "model.json"):
        with pytest.raises(UsageError, match="would be written over"):
            keep_sources(tmp_path / output, [str(tmp_path / "link.json")])
