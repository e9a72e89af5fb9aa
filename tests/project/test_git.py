"""What a stranger's repository makes Git do: nothing. Each attack runs when Git is called without care."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import PurePath

import pytest

from sigcheck.project import git
from sigcheck.project.diff import diff
from sigcheck.project.git import GitSession
from sigcheck.project.git_files import GitFiles
from sigcheck.schema.errors import SourceError

_IDENTITY = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
_MODEL = 'outputs.y = "float32[?, 3]"\n'


def run(folder, *arguments, check=False, **more):
    command = ["git", *_IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=check, **more)


def commit(folder):
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        run(folder, *arguments, check=True)


@pytest.fixture
def ran(tmp_path):
    """A file that a stranger's program writes, and the program."""
    mark, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 $* >> {mark}\nexit 1\n")
    program.chmod(0o755)
    return mark, program


def make_partial(repository, program):
    """Takes the model's content away, so that Git would fetch it from a remote by the stranger's program."""
    name = run(repository, "rev-parse", "HEAD:m/a.toml", check=True).stdout.strip()
    folder = repository / ".git" if (repository / ".git").exists() else repository
    (folder / "objects" / name[:2] / name[2:]).unlink()
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", str(repository)),
        ("remote.origin.promisor", "true"),
        ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
        ("remote.origin.uploadpack", str(program)),
        ("protocol.allow", "always"),
        ("protocol.file.allow", "always"),
        ("core.fsmonitor", str(program)),
        ("core.pager", str(program)),
        ("pager.cat-file", str(program)),
        ("diff.external", str(program)),
        ("core.sshCommand", str(program)),
        ("core.alternateRefsCommand", str(program)),
    ):
        run(None, f"--git-dir={folder}", "config", key, value, check=True)


@pytest.fixture
def buried(tmp_path, ran, monkeypatch):
    """A folder of a checkout that has the shape of a bare repository, and the working folder in it."""
    inner = tmp_path / "inner"
    (inner / "m").mkdir(parents=True)
    (inner / "m" / "a.toml").write_text(_MODEL)
    commit(inner)
    outer = tmp_path / "outer"
    shutil.copytree(inner / ".git", outer / "buried")
    make_partial(outer / "buried", ran[1])
    (outer / "buried" / "new.toml").write_text(_MODEL)
    commit(outer)
    monkeypatch.chdir(outer / "buried")
    return outer / "buried"


def test_the_attack_works_where_git_is_called_without_care(buried, ran):
    run(buried, "cat-file", "blob", "HEAD:m/a.toml")
    assert ran[0].exists()


def test_a_folder_shaped_like_a_bare_repository_is_none(buried, ran):
    with pytest.raises(SourceError, match="shape of a bare repository"):
        diff("HEAD:m/a.toml", "new.toml")
    (buried / "sub").mkdir()
    with pytest.raises(SourceError, match="shape of a bare repository"):
        GitFiles(buried / "sub", "HEAD")
    assert not ran[0].exists()


def test_git_itself_refuses_it_too(buried, ran, monkeypatch):
    monkeypatch.setattr(git, "_require_no_bare_repository", lambda *_: None)
    if run(buried, "-c", "safe.bareRepository=explicit", "rev-parse", "HEAD").returncode == 0:
        pytest.skip("this Git is from before safe.bareRepository")
    with pytest.raises(SourceError, match=r"bare repository|safe\.bareRepository"):
        GitFiles(buried, "HEAD")
    assert not ran[0].exists()


def test_a_repository_with_a_configuration_of_a_stranger(tmp_path, ran):
    """A whole .git folder comes with an archive: its file is obeyed by Git, and starts nothing."""
    folder = tmp_path / "unpacked"
    (folder / "m").mkdir(parents=True)
    (folder / "m" / "a.toml").write_text(_MODEL)
    (folder / ".gitattributes").write_text("* filter=evil diff=evil\n")
    commit(folder)
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        shutil.copy(ran[1], folder / ".git" / "hooks" / hook)
    for key in ("filter.evil.smudge", "diff.evil.textconv", "diff.evil.command"):
        run(folder, "config", key, str(ran[1]), check=True)
    make_partial(folder, ran[1])
    files = GitFiles(folder, "HEAD")
    assert files.names(PurePath("m")) == ["a.toml"]
    with pytest.raises(SourceError, match="not in this clone"):
        files.content(PurePath("m/a.toml"))
    assert not ran[0].exists()


def test_the_environment_has_no_word(tmp_path, ran, monkeypatch):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, text in ((ours, "ours"), (theirs, "theirs")):
        folder.mkdir()
        (folder / "a").write_text(text)
        commit(folder)
    trace = tmp_path / "trace"
    for name, value in (
        ("GIT_DIR", str(theirs / ".git")),
        ("GIT_OBJECT_DIRECTORY", str(theirs / ".git" / "objects")),
        ("GIT_EXEC_PATH", str(tmp_path)),
        ("GIT_PAGER", str(ran[1])),
        ("GIT_EXTERNAL_DIFF", str(ran[1])),
        ("GIT_TRACE", str(trace)),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.worktree"),
        ("GIT_CONFIG_VALUE_0", str(theirs)),
    ):
        monkeypatch.setenv(name, value)
    assert GitFiles(ours, "HEAD").content(PurePath("a")) == b"ours"
    assert not trace.exists()
    assert not ran[0].exists()


def test_a_replaced_object_is_not_taken_for_the_agreed_one(tmp_path):
    (tmp_path / "a").write_text("agreed")
    commit(tmp_path)
    old = run(tmp_path, "rev-parse", "HEAD:a").stdout.strip()
    new = run(tmp_path, "hash-object", "-w", "--stdin", input="other").stdout.strip()
    run(tmp_path, "replace", old, new, check=True)
    assert GitFiles(tmp_path, "HEAD").content(PurePath("a")) == b"agreed"


def test_a_git_that_lies_in_the_folder_is_not_run(tmp_path, ran, monkeypatch):
    (tmp_path / "a").write_text("x")
    commit(tmp_path)
    shutil.copy(ran[1], tmp_path / "git")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", os.environ["PATH"]]))
    assert GitFiles(tmp_path, "HEAD").content(PurePath("a")) == b"x"
    assert not ran[0].exists()


@pytest.mark.parametrize("place", ["", "bin", "../other"])
def test_a_git_that_a_whole_path_names_in_the_checkout_is_not_run(tmp_path, ran, monkeypatch, place):
    (tmp_path / "a").write_text("x")
    commit(tmp_path)
    (tmp_path / "sub").mkdir()
    folder = tmp_path / "sub" / place
    folder.mkdir(exist_ok=True)
    shutil.copy(ran[1], folder / "git")
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    GitSession(tmp_path / "sub", "HEAD").close()
    assert not ran[0].exists()


def _replace_git(tmp_path, monkeypatch, text):
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(f"#!{sys.executable}\n{text}")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize("text", ["import time\ntime.sleep(600)\n", "while True: print('a' * 10000)\n"])
def test_time_and_output_are_bounded(tmp_path, monkeypatch, text):
    _replace_git(tmp_path, monkeypatch, text)
    monkeypatch.setattr(git, "TIMEOUT", 1.0)
    start = time.monotonic()
    with pytest.raises(SourceError):
        GitSession(tmp_path, "HEAD")
    assert time.monotonic() - start < 20


def test_a_git_that_ends_early_is_no_traceback(tmp_path, monkeypatch):
    answers = "import sys\nif 'rev-parse' in sys.argv: print('0' * 40)\n"
    for more in ("", "else: print('x')\n", "else: print('a blob 99', flush=True)\n", "else: print('a blob x')\n"):
        folder = tmp_path / str(len(more))
        folder.mkdir()
        _replace_git(folder, monkeypatch, answers + more)
        with pytest.raises(SourceError, match="ended without an answer"):
            GitFiles(folder, "HEAD").names(PurePath())
