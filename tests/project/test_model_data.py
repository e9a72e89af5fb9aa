"""Samples beside a model are held against both ends of its links, and looked at again only where they changed."""

from __future__ import annotations

import numpy as np
import pytest

from sigcheck.config.load import load_config
from sigcheck.observation import files
from sigcheck.project.cache import Cache
from sigcheck.project.lint import lint
from sigcheck.schema.errors import SourceError


@pytest.fixture
def project(tmp_path):
    """A camera that feeds a reader; `data` is what the config says of either."""
    (tmp_path / "camera.toml").write_text('[outputs]\nx = "float32[?, 3]"\n')
    (tmp_path / "reader.toml").write_text('[inputs]\nx = { spec = "float32[?, 3]", facts = { range = [0, 1] } }\n')
    (tmp_path / "samples").mkdir()

    def build(values, model="camera", path="samples/*.npz", policy=""):
        np.savez(tmp_path / "samples" / "a.npz", x=np.array(values, np.float32))
        lines = [
            f'[models.{name}]\nsource = "{name}.toml"\n' + (f'data = "{path}"\n' if name == model else "")
            for name in ("camera", "reader")
        ]
        link = f'[[links]]\nfrom = "camera"\nto = "reader"\n{policy}'
        (tmp_path / "sigcheck.toml").write_text("\n".join([*lines, link]))
        return load_config(tmp_path / "sigcheck.toml")

    return build


def rules(config, cache=None):
    found = lint(config, verify="typed", cache=cache or Cache(None)).findings
    return {one.finding.rule: one.finding.message for one in found}


def test_samples_in_another_range_suggest_what_to_declare(project):
    found = lint(project([[0, 128, 255]]), verify="typed").findings
    (told,) = [one.finding for one in found if one.finding.rule == "observed_suggests"]
    assert "models.camera.outputs.x.range = [0, 255]" in told.help


def test_samples_of_the_reader_contradict_it(project):
    assert "values in [0, 255]" in rules(project([[0, 128, 255]], "reader"))["observed_contradicts_declared"]


def test_samples_that_fit_are_silent_and_change_no_plan(project):
    assert not {name for name in rules(project([[0, 0.5, 1]])) if name.startswith("observed")}
    assert not {name for name in rules(project([[0, 0.5, 1]], "reader")) if name.startswith("observed")}


def test_they_are_observed_once_for_each_content(project, tmp_path, monkeypatch):
    looked = []
    real = files.observe_part
    monkeypatch.setattr(files, "observe_part", lambda *given: looked.append(given) or real(*given))
    cache = Cache(tmp_path / "cache")
    first = rules(project([[0, 128, 255]]), cache)
    assert rules(project([[0, 128, 255]]), Cache(tmp_path / "cache")) == first
    assert len(looked) == 1
    rules(project([[0, 128, 254]]), cache)
    assert len(looked) == 2


@pytest.mark.parametrize("path", ["none/*.npz", "samples/b.npz", "../outside.npz"])
def test_data_that_is_not_there_or_lies_outside_is_one_line(project, path, tmp_path):
    with pytest.raises(SourceError) as caught:
        rules(project([[0, 1, 1]], path=path))
    assert "\n" not in str(caught.value)


def test_broken_samples_end_the_lint(project, tmp_path):
    config = project([[0, 1, 1]])
    (tmp_path / "samples" / "b.npz").write_bytes(b"PK")
    with pytest.raises(SourceError, match=r"models\.camera\.data"):
        rules(config)


def test_lengths_are_chosen_by_the_samples(tmp_path, project):
    (tmp_path / "camera.toml").write_text('[outputs]\nx = "ragged int64[?, None]"\n')
    padding = 'padding = { value = 0, side = "post" }'
    (tmp_path / "reader.toml").write_text(f'[inputs]\nx = {{ spec = "int64[?, ?]", facts = {{ {padding} }} }}\n')
    (tmp_path / "samples" / "a.jsonl").write_text("".join(f'{{"x": {[1] * at}}}\n' for at in range(1, 20)))
    config = project([[1]], path="samples/a.jsonl", policy='policy = { max_length = "auto" }\n')
    for cache in (Cache(tmp_path / "cache"), Cache(tmp_path / "cache")):
        (link,) = lint(config, verify="typed", cache=cache).links
        assert link.problem is None
        assert str(link.check.bindings[0].required_spec) == "int64[?, 24]"
        assert link.check.choices


def test_a_pattern_that_finds_a_folder_and_what_is_in_it_observes_each_file_once(project, tmp_path, monkeypatch):
    looked = []
    real = files.observe_part
    monkeypatch.setattr(files, "observe_part", lambda index, path: looked.append(path) or real(index, path))
    config = project([[0, 128, 255]], path="samples/**")
    for name in ("back", "again"):
        (tmp_path / "samples" / name).symlink_to(tmp_path / "samples")
    rules(config)
    assert looked == [str(tmp_path / "samples" / "a.npz")]
