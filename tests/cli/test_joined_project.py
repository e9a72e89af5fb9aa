"""A project whose links join and part: lint, adapt --all, lock and diff from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sigcheck.encodings.toml_text import write_value
from tests.junctions.kinds import check_values, together

KIND = together()
CONFIG = f"""\
[models.give]
source = "give.toml"
[models.take]
source = "take.toml"
[[links]]
from = "give"
to = "take"
bind = {write_value(KIND.bind)}
adapter = "adapter.py"
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    KIND.write(tmp_path)
    (tmp_path / "sigcheck.toml").write_text(CONFIG)
    return tmp_path


def test_the_adapter_of_a_link_is_written_locked_and_found_stale(project, sigcheck):
    assert sigcheck("lint", "--verify", "typed")[0] == 1
    assert sigcheck("adapt", "--all", "--verify", "typed")[0] == 0
    first = Path("adapter.py").read_text()
    assert 'tf.stack([outputs["s2"], outputs["s1"]], axis=1)' in first
    certificate = json.loads(Path("adapter.certificate.json").read_text())
    assert {name: list(one) if isinstance(one, list) else one for name, one in certificate["bind"].items()} == KIND.bind
    assert sigcheck("verify", "adapter.py")[0] == 0
    assert sigcheck("lock")[0] == 0
    assert sigcheck("lint", "--verify", "typed")[0] == 0
    assert sigcheck("adapt", "--all", "--verify", "typed") == (0, "", "")
    assert sigcheck("diff", "lock", "give")[0] == 0
    # Bound in the other order it is another adapter.
    (project / "sigcheck.toml").write_text(CONFIG.replace('s2 = "s", s1 = "s"', 's1 = "s", s2 = "s"'))
    code, out, _ = sigcheck("lint", "--verify", "typed", "--format", "json")
    assert code == 1
    assert "stale_adapter" in {one["finding"]["rule"] for one in json.loads(out)["findings"]}
    assert sigcheck("adapt", "--all", "--verify", "typed")[0] == 0
    assert 'tf.stack([outputs["s1"], outputs["s2"]], axis=1)' in Path("adapter.py").read_text()


def test_a_part_that_changes_is_a_change_of_the_link(project, sigcheck):
    assert sigcheck("lock")[0] == 0
    assert sigcheck("adapt", "--all", "--verify", "typed")[0] == 0
    text = (project / "give.toml").read_text()
    (project / "give.toml").write_text(text.replace('c2 = "float32[?, 5]"', 'c2 = "float32[?, 6]"'))
    code, out, _ = sigcheck("diff", "lock", "give", "--format", "json")
    assert code == 1
    (link,) = json.loads(out)["links"]
    assert (link["effect"], link["after"]["verdict"]) == ("broken", "blocked")
    assert "no_junction" in {one["rule"] for one in link["after"]["findings"]}


@pytest.mark.tensorflow
def test_what_is_written_gives_the_values(project, sigcheck):
    import importlib.util

    import tensorflow as tf

    assert sigcheck("adapt", "--all", "--verify", "typed")[0] == 0
    spec = importlib.util.spec_from_file_location("project_adapter", "adapter.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    given = KIND.given()
    check_values(module.adapt({name: tf.constant(value) for name, value in given.items()}), given)
