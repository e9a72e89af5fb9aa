"""lint --against and diff of whole projects, as they are typed."""

from __future__ import annotations

import json
import subprocess

import pytest

from sigcheck.cli import COULD_NOT_CHECK, run
from tests.two_models import CONFIG

_IDENTITY = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]


def commit(folder):
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        subprocess.run(["git", *_IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """A project whose two models were changed alike since it was committed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / "cache"))
    (tmp_path / "sigcheck.toml").write_text(CONFIG)
    for size in (10, 12):
        (tmp_path / "encoder.toml").write_text(f'outputs.y = "float32[?, {size}]"')
        (tmp_path / "classifier.toml").write_text(f'inputs.y = "float32[?, {size}]"')
        if size == 10:
            commit(tmp_path)
    return tmp_path


def test_a_lint_against_a_revision(changed, sigcheck):
    assert sigcheck("lint", "--verify", "typed")[0] == 0
    code, out, err = sigcheck("lint", "--verify", "typed", "--against", "main")
    assert (code, err) == (1, "")
    assert "sigcheck.toml:1: encoder: y: error[output_widened]:" in out
    assert "compared with main" in out
    for form in ("github", "sarif", "junit", "gitlab", "markdown", "html", "json"):
        code, out, _ = sigcheck("lint", "--verify", "typed", "--against", "main", "--format", form)
        assert code == 1
        assert "(against main)" in out


def test_the_contract_says_against_what(changed, sigcheck):
    written = json.loads(sigcheck("lint", "--verify", "typed", "--against", "main", "--format", "json")[1])
    assert written["against"] == "main"
    assert [one.get("against") for one in written["findings"]].count("main") == 2
    plain = json.loads(sigcheck("lint", "--verify", "typed", "--format", "json")[1])
    assert "against" not in plain
    assert all("against" not in one for one in plain["findings"])


@pytest.mark.parametrize("revision", ["nowhere", "--all", "HEAD:x", "a b"])
def test_a_revision_that_is_none_is_one_clear_line(changed, sigcheck, revision):
    code, out, err = sigcheck("lint", "--verify", "typed", f"--against={revision}")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "expected a Git revision" in err


def test_a_baseline_neither_accepts_nor_hides_it(changed, sigcheck):
    assert sigcheck("lint", "--verify", "typed", "--against", "main", "--baseline", "b.json", "--accept")[0] == 1
    assert sigcheck("lint", "--verify", "typed", "--against", "main", "--baseline", "b.json")[0] == 1


def test_a_diff_of_the_whole_project(changed, sigcheck):
    code, out, _ = sigcheck("diff", "main")
    assert code == 1
    assert out.startswith("main -> sigcheck.toml\n\nencoder.y: error[output_widened]")
    assert "encoder -> classifier  fits    fits   fits still" in out
    assert sigcheck("diff", "main", "HEAD")[0] == 0
    code, out, err = sigcheck("diff", "encoder")
    assert (code, out) == (2, "")
    assert "one version of a model, expected two" in err


def test_a_diff_of_two_locks(changed, sigcheck):
    assert sigcheck("lock", "-q")[0] == 0
    (changed / "sigcheck.lock").rename(changed / "old.lock")
    (changed / "encoder.toml").write_text('outputs.y = "float32[?, 14]"')
    assert sigcheck("lock", "-q")[0] == 0
    code, out, _ = sigcheck("diff", "old.lock", "sigcheck.lock")
    assert code == 1
    assert "encoder.y: error[output_widened]: gives [?, 14], and gave [?, 12]" in out


def test_adapters_are_written_whatever_was_agreed(changed, sigcheck):
    (changed / "sigcheck.toml").write_text(f'against = "main"\n{CONFIG}adapter = "a.py"\n')
    (changed / "classifier.toml").write_text('inputs.y = "float32[?, 1, 12]"')
    assert sigcheck("lint", "--verify", "typed")[0] == 1
    code, out, err = sigcheck("adapt", "--all", "--verify", "typed")
    assert (code, out, err) == (0, "encoder -> classifier: wrote a.py\n", "")


def test_nothing_is_compared_where_the_command_line_says_so(changed, sigcheck):
    (changed / "sigcheck.toml").write_text(f'against = "main"\n{CONFIG}')
    assert sigcheck("lint", "--verify", "typed")[0] == 1
    assert sigcheck("lint", "--verify", "typed", "--against", "")[0] == 0


@pytest.mark.parametrize("text", ["x" * 5_000, "x" * 5_000 + ".lock", "HEAD:" + "x" * 5_000 + ".lock"])
def test_a_version_longer_than_a_name_may_be_is_a_mistake(folder, capsys, text):
    for command in (["diff", text], ["diff", text, "lock"], ["diff", text, text]):
        assert run(command) == COULD_NOT_CHECK
        assert "internal error" not in capsys.readouterr().err
