from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from sigcheck.cli import run
from sigcheck.cli.watch import watch_project
from sigcheck.config.load import load_config
from tests import two_models

REPOSITORY = Path(__file__).parents[2]
MODELS = {"encoder": 'outputs.x = "float32[?, 10]"', "classifier": 'inputs.x = "float32[?, 10]"'}
PATIENCE = 60


@pytest.fixture
def project(tmp_path):
    for name, text in MODELS.items():
        (tmp_path / f"{name}.toml").write_text(text)
    (tmp_path / "sigcheck.toml").write_text(two_models.CONFIG)
    return tmp_path


@pytest.fixture
def watching(project, tmp_path):
    """Starts a lint that watches, its output in a file; waits for what it says."""
    pytest.importorskip("watchfiles")
    out = tmp_path / "out.txt"
    command = [sys.executable, "-m", "sigcheck", "lint", "--watch", "--verify", "typed", "--no-cache"]
    with out.open("w") as stream:
        environment = {"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"}
        process = subprocess.Popen(command, cwd=project, env=environment, stdout=stream, stderr=subprocess.STDOUT)

    def wait(text, count=1, write=lambda number: None):
        """Waits until the text was said so often; what is written before the folder is watched is not seen."""
        for number in range(PATIENCE):
            write(number)
            time.sleep(1)
            if out.read_text().count(text) >= count:
                return
            assert process.poll() is None, out.read_text()
        pytest.fail(out.read_text())

    yield wait
    process.terminate()
    process.wait(PATIENCE)


def test_each_change_of_the_project_is_linted(project, watching):
    watching("watching; Ctrl-C ends it")
    classifier = project / "classifier.toml"
    watching("dtype_mismatch", write=lambda number: classifier.write_text(f'inputs.x = "float64[?, 10]"  # {number}'))
    (project / "sigcheck.toml").write_text("nothing")
    watching("not TOML")
    (project / "sigcheck.toml").write_text(two_models.CONFIG)
    watching("watching; Ctrl-C ends it", 4)


def watched(monkeypatch, changes):
    """Stands in for the watcher: gives these changes, and raises what of them is an error."""
    watchfiles = pytest.importorskip("watchfiles")

    def watch(*_, **__):
        for one in changes:
            if isinstance(one, OSError):
                raise one
            yield one

    monkeypatch.setattr(watchfiles, "watch", watch)


def test_a_folder_that_the_system_cannot_watch_is_told(project, monkeypatch, capsys):
    watched(monkeypatch, [OSError(28, "No space left on device")])
    monkeypatch.chdir(project)
    assert run(["lint", "--watch", "--verify", "typed"]) == 2
    assert "cannot be watched: no space" in capsys.readouterr().err.lower()


def test_what_the_system_refuses_to_a_run_is_not_told_of_the_watch(project, monkeypatch):
    watched(monkeypatch, [{"a change"}])
    config, codes = load_config(project / "sigcheck.toml"), iter([0])

    def lint():
        for code in codes:
            return code
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        watch_project(lambda: config, lint)


@pytest.mark.parametrize("option", [["--fix"], ["--accept", "--baseline", "b.json"]])
def test_a_lint_that_writes_is_not_repeated(project, monkeypatch, capsys, option):
    monkeypatch.chdir(project)
    assert run(["lint", "--watch", *option]) == 2
    assert "expected a lint that writes nothing" in capsys.readouterr().err


def test_a_missing_extra_is_said_in_one_line(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert run(["lint", "--watch"]) == 2
    assert "pip install 'sigcheck[watch]'" in capsys.readouterr().err


def test_a_config_that_is_broken_from_the_start_is_not_watched(project, monkeypatch, capsys):
    pytest.importorskip("watchfiles")
    monkeypatch.chdir(project)
    (project / "sigcheck.toml").write_text("nothing")
    assert run(["lint", "--watch"]) == 2
    told = capsys.readouterr().err
    assert "not TOML" in told
    assert "watching" not in told


@pytest.mark.parametrize(
    ("data", "seen", "unseen"),
    [
        ("samples", "samples/a.npz", "a.npz"),
        ("a.npz", "a.npz", "b.npz"),
        ("samples/[ab]*/c.npz", "samples/a1/c.npz", "a.npz"),
    ],
)
def test_samples_are_watched_and_what_lies_beside_them_is_not(project, monkeypatch, data, seen, unseen):
    watchfiles = pytest.importorskip("watchfiles")
    monkeypatch.chdir(project)
    config = two_models.CONFIG.replace('source = "encoder.toml"', f'source = "encoder.toml"\ndata = "{data}"')
    (project / "sigcheck.toml").write_text(config)
    told = []

    def watch(folder, *, watch_filter, **_):
        told.extend(watch_filter(watchfiles.Change.modified, str(folder / one)) for one in (seen, unseen))
        return iter(())

    monkeypatch.setattr(watchfiles, "watch", watch)
    run(["lint", "--watch", "--verify", "typed"])
    assert told == [True, False]
