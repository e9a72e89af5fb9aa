from __future__ import annotations

import pytest

from sigcheck.cli import run
from sigcheck.project import read_models
from tests import two_models

MODELS = {"encoder": 'outputs.y = "float32[?, 10]"', "classifier": 'inputs.x = "float32[?, 1, 10]"'}
IGNORE = '\n# Long ago.\n[[ignore]]\nrule = "lossy_cast"\nlink = "encoder -> classifier"\nreason = "rounded"\n'
CONFIG = f'{two_models.CONFIG}adapter = "adapters/a.py"\n'


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name, text in MODELS.items():
        (tmp_path / f"{name}.toml").write_text(text)
    (tmp_path / "sigcheck.toml").write_text(CONFIG + IGNORE)
    return tmp_path


def fix():
    return run(["lint", "--fix", "--verify", "typed"])


def test_what_a_machine_may_mend_is_mended(project, capsys):
    assert run(["lint", "--verify", "typed"]) == 1
    capsys.readouterr()
    assert fix() == 0
    assert (project / "adapters" / "a.py").exists()
    assert (project / "sigcheck.toml").read_text() == CONFIG
    assert "1 deleted that ignored nothing" in capsys.readouterr().out


def test_a_second_time_there_is_nothing_to_mend(project, capsys):
    fix()
    before = {path: path.read_bytes() for path in project.rglob("*.*") if path.is_file() and "cache" not in path.parts}
    capsys.readouterr()
    assert fix() == 0
    assert "wrote" not in capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in before}


def test_a_lock_is_made_for_nobody(project):
    fix()
    assert not (project / "sigcheck.lock").exists()


def test_a_change_that_breaks_nobody_is_locked(project):
    run(["lock"])
    (project / "encoder.toml").write_text(f'{MODELS["encoder"]}\noutputs.more = "float32[?, 2]"')
    assert fix() == 0
    assert "more" in (project / "sigcheck.lock").read_text()


def test_a_change_that_breaks_others_is_left_to_a_person(project, capsys):
    run(["lock"])
    before = (project / "sigcheck.lock").read_text()
    (project / "classifier.toml").write_text('inputs.x = "float32[?, 1, 10]"\ninputs.more = "float32[?, 2]"')
    assert fix() != 0
    assert (project / "sigcheck.lock").read_text() == before
    assert "agree by `sigcheck lock`" in capsys.readouterr().err


def test_an_adapter_that_somebody_wrote_stays(project):
    (project / "adapters").mkdir()
    (project / "adapters" / "a.py").write_text("mine = 1\n")
    assert fix() == 1
    assert (project / "adapters" / "a.py").read_text() == "mine = 1\n"


def test_an_ignore_of_what_could_not_be_checked_stays(project):
    (project / "encoder.toml").unlink()
    assert fix() == 2
    assert (project / "sigcheck.toml").read_text() == CONFIG + IGNORE


def test_what_was_read_for_the_lint_is_not_read_again_for_the_lock(project, monkeypatch):
    caches, read = [], read_models.read_models

    def noting(config, lock, permission, cache=None, names=None):
        caches.append(cache)
        return read(config, lock, permission, cache, names)

    run(["lock", "--quiet"])
    monkeypatch.setattr(read_models, "read_models", noting)
    fix()
    assert [cache.is_lasting for cache in caches] == [True]


def test_adapters_are_planned_anew_and_in_time_where_the_lint_is_told_so(project, monkeypatch):
    from sigcheck.project import lint

    told, whole = [], lint.lint

    def watched(*given, **options):
        told.append((options["cache"]._folder, options["timeout"]))
        return whole(*given, **options)

    monkeypatch.setattr(lint, "lint", watched)
    run(["lint", "--fix", "--verify", "typed", "--no-cache", "--timeout", "7"])
    assert told == [(None, 7.0)] * 3
