from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from tests.pytest_plugin.conftest import FIXTURES, section

CONFIG = """\
[models.encoder]
source = "encoder"

[models.classifier]
source = "classifier.keras"

[models.ids]
source = "ids.json"

[models.lost]
source = "lost.keras"

[[links]]
from = "encoder"
to = "classifier"
adapter = "adapter.py"

[[links]]
from = "encoder"
to = "ids"

[[links]]
from = "lost"
to = "ids"
"""

FAILED = """\
sigcheck.toml:18: link encoder -> ids does not pass; found: 1 error

ids: cast from float32 to int32 truncates, the policy allows rounding [lossy_cast]
  required  ids:      int32[?, 10]
  provided  output_0: float32[?, 10]
                      ^^^^^^^
  help      cast(dtype=int32) would do it; allow it with policy = { loss = "truncating" }

ids: why not
  the nearest spec reached is int32[?, 10]
  would open a path: policy = { loss = "truncating" }"""

UNCHECKED = """\
sigcheck.toml:10: model lost could not be checked; found: 1 error

lost: lost.keras: no such file or folder. Check the path. [unreadable_model]
  help      mend it, or run `sigcheck lock` where the model is and commit the lock"""


@pytest.fixture
def config(project):
    """A project with a link that adapts without its adapter file, one that is blocked, and one without a model."""
    ids = {"name": "ids", "kind": "dense", "dtype": "int32", "shape": [None, 10]}
    signature = {"key": "default", "inputs": [ids], "outputs": []}
    written = {"schema_version": 1, "source": "ids", "reader": "signature_file", "signatures": [signature], "notes": []}
    (project.path / "ids.json").write_text(json.dumps(written), encoding="utf-8")
    path = project.path / "sigcheck.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def check(run, config):
    """Runs `pytest --sigcheck` without TensorFlow."""

    def call(*arguments):
        return run("--sigcheck", "--sigcheck-verify", "typed", *arguments)

    return call


def outcomes(result):
    """The outcome of each item in the output of `pytest -v`."""
    found = {}
    for line in result.outlines:
        for outcome in ("PASSED", "FAILED", "ERROR"):
            name, mark, _ = line.partition(f" {outcome}")
            if mark and name.startswith("sigcheck.toml::"):
                found[name.removeprefix("sigcheck.toml::")] = outcome
    return found


def test_each_model_and_link_is_an_item(check):
    result = check("-v")
    assert outcomes(result) == {
        "model encoder": "PASSED",
        "model classifier": "PASSED",
        "model ids": "PASSED",
        "model lost": "ERROR",
        "link encoder -> classifier": "FAILED",
        "link encoder -> ids": "FAILED",
        "link lost -> ids": "ERROR",
        "config": "PASSED",
    }
    assert section(result, " link encoder -> ids ") == FAILED
    assert section(result, " ERROR at setup of model lost ") == UNCHECKED
    missing = section(result, " link encoder -> classifier ")
    assert "[missing_adapter]" in missing
    assert '        x = tf.expand_dims(outputs["output_0"], axis=1)' in missing


def test_items_are_chosen_by_name_and_by_mark(check, project):
    project.makepyfile("def test_other():\n    pass\n")
    assert set(outcomes(check("-v", "-k", "classifier and link"))) == {"link encoder -> classifier"}
    check("-m", "sigcheck and not sigcheck", "-q").assert_outcomes(deselected=9)
    check("-m", "not sigcheck", "-q").assert_outcomes(passed=1, deselected=8)


def test_items_are_chosen_by_their_id(check):
    result = check("-v", "sigcheck.toml::model encoder")
    assert outcomes(result) == {"model encoder": "PASSED"}
    assert result.ret == 0


@pytest.mark.parametrize("dist", ["loadfile", "loadgroup"])
def test_they_run_beside_several_processes(check, dist):
    result = check("-v", "-n", "2", "--dist", dist)
    result.assert_outcomes(passed=4, failed=2, errors=2)
    if dist == "loadfile":
        processes = {line.split("]")[0] for line in result.outlines if line.startswith("[gw")}
        assert len(processes) == 1


def test_without_the_option_a_config_means_nothing(run, config, project):
    project.makepyfile("def test_plain():\n    pass\n")
    run().assert_outcomes(passed=1)


def test_the_config_of_the_run_is_met_once_and_others_not_at_all(check, project):
    folder = project.path / "samples"
    folder.mkdir()
    (folder / "sigcheck.toml").write_text("broken", encoding="utf-8")
    check("-q", "--collect-only", ".").stdout.fnmatch_lines(["8 tests collected*"])
    check("-q", "--collect-only").stdout.fnmatch_lines(["8 tests collected*"])


@pytest.mark.parametrize("is_setting", [False, True])
def test_the_config_counts_beside_the_folder_of_the_tests(check, project, is_setting):
    tests = project.mkdir("tests")
    (tests / "test_plain.py").write_text("def test_plain():\n    pass\n", encoding="utf-8")
    if is_setting:
        project.makeini("[pytest]\ntestpaths = tests\n")
    check("-q", "--collect-only", *([] if is_setting else ["tests"])).stdout.fnmatch_lines(["9 tests collected*"])
    check("-q", "--collect-only", "tests", ".").stdout.fnmatch_lines(["9 tests collected*"])


def test_another_config_can_be_named(check, project):
    other = project.path / "ci.toml"
    other.write_text('[models.encoder]\nsource = "encoder"\n', encoding="utf-8")
    result = check("-q", "--collect-only", "--sigcheck-config", "ci.toml")
    result.stdout.fnmatch_lines(["ci.toml::model encoder", "ci.toml::config", "2 tests collected*"])


def test_a_broken_config_is_an_error_of_the_collection(check, config):
    config.write_text('[models.encoder]\nsorce = "encoder"\n', encoding="utf-8")
    result = check()
    result.assert_outcomes(errors=1)
    assert result.ret == 2
    assert "sigcheck.toml:2: " in section(result, "ERROR collecting sigcheck.toml")


def test_no_config_is_a_wrong_call(run, project):
    result = run("--sigcheck")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --sigcheck: *no config here or above*"])


def test_a_broken_lock_is_an_error_of_each_item(check, config):
    (config.parent / "sigcheck.lock").write_text("]", encoding="utf-8")
    check().assert_outcomes(errors=8)


def test_the_sample_project_tells_its_faults(run, project):
    shutil.copytree(FIXTURES / "project", project.path, dirs_exist_ok=True)
    found = outcomes(run("--sigcheck", "--sigcheck-verify", "typed", "-v"))
    assert {name for name, outcome in found.items() if outcome == "ERROR"} == {
        "link tokenizer -> text_encoder",
        "link text_encoder -> ranker",
    }
    assert {name for name, outcome in found.items() if outcome == "FAILED"} == {
        "link resizer -> backbone",
        "link calibrator -> dashboard",
    }
    assert len(found) == 15


def test_a_link_is_decided_by_its_example_and_not_checked_where_that_is_gone(run, project):
    (project.path / "camera.toml").write_text('outputs.x = "float32[?, ?, ?, 3]"')
    (project.path / "backbone.toml").write_text('inputs.x = "float32[?, 3, ?, ?]"')
    models = "".join(f'[models.{name}]\nsource = "{name}.toml"\n' for name in ("camera", "backbone"))
    settings = {"open": "", "decided": 'example = "pair.npz"', "lost": 'example = "lost.npz"'}
    links = [
        f'[[links]]\nname = "{name}"\nfrom = "camera"\nto = "backbone"\n{told}\n' for name, told in settings.items()
    ]
    (project.path / "sigcheck.toml").write_text("".join([models, *links, '[rules]\nmissing_adapter = "off"\n']))
    image = np.arange(2 * 5 * 4 * 3, dtype=np.float32).reshape(2, 5, 4, 3)
    np.savez(project.path / "pair.npz", provided=image, required=image.transpose(0, 3, 1, 2))
    result = run("--sigcheck", "--sigcheck-verify", "typed", "-v")
    found = outcomes(result)
    assert [found[f"link {name}"] for name in settings] == ["ERROR", "PASSED", "ERROR"]
    assert "[ambiguous_plan]" in section(result, " ERROR at setup of link open ")
    assert "lost.npz: no such file" in section(result, " ERROR at setup of link lost ")


@pytest.mark.parametrize("named", ["sigcheck.toml::encoder", "sigcheck.toml", "pyproject.toml::encoder"])
def test_an_item_that_is_named_without_the_option_says_which(config, project, named):
    done = project.runpytest_inprocess(named)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"ERROR: {named}: models and links are tests with --sigcheck only. Add --sigcheck."])
