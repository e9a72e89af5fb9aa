from __future__ import annotations

import os
import subprocess
from pathlib import PurePath

import pytest

from sigcheck.project import git_files
from sigcheck.project.git_files import GitFiles
from sigcheck.schema.errors import SourceError

_IDENTITY = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]


@pytest.fixture
def repository(tmp_path):
    """A repository of one commit, with files of names that Git would quote."""
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "ü.bin").write_bytes(b"0123456789abcdefghij")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "a b" / "up").symlink_to("../empty")
    (tmp_path / "current").symlink_to("a b")
    (tmp_path / "outside").symlink_to("../../elsewhere")
    (tmp_path / "absolute").symlink_to("/etc/passwd")
    (tmp_path / "round").symlink_to("round")
    for arguments in (["init", "-q"], ["add", "-A"], [*_IDENTITY, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_files_of_a_revision(repository):
    (repository / "a b" / "ü.bin").unlink()
    files = GitFiles(repository, "HEAD")
    assert files.kind(PurePath("a b")) == "folder"
    assert files.kind(PurePath("a b/ü.bin")) == "file"
    assert files.kind(PurePath("gone")) is None
    assert files.kind(PurePath("empty/gone")) is None
    assert files.names(PurePath("a b")) == ["up", "ü.bin"]
    assert files.names(PurePath()) == ["a b", "absolute", "current", "empty", "outside", "round"]
    assert files.head(PurePath("a b/ü.bin")) == b"0123456789abcdef"
    with files.open(PurePath("a b/ü.bin")) as content:
        assert bytes(content[10:]) == b"abcdefghij"


def test_names_that_are_no_text(tmp_path):
    name = os.fsdecode(b"\xff\n.bin")
    (tmp_path / name).write_bytes(b"x")
    for arguments in (["init", "-q"], ["add", "-A"], [*_IDENTITY, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)
    files = GitFiles(tmp_path, "HEAD")
    assert files.names(PurePath()) == [name]
    assert files.content(PurePath(name)) == b"x"
    # Half of a character, which no name has.
    assert files.kind(PurePath("\ud800")) is None
    assert files.kind(PurePath("\udc80")) is None


def test_links_are_followed_within_the_revision_only(repository):
    files = GitFiles(repository, "HEAD")
    assert files.content(PurePath("current/ü.bin")) == b"0123456789abcdefghij"
    assert files.content(PurePath("current/up")) == b""
    assert files.kind(PurePath("current")) == "folder"
    for name in ("outside", "absolute", "round", "../elsewhere"):
        assert files.kind(PurePath(name)) is None


def test_what_is_no_file(repository):
    files = GitFiles(repository, "HEAD")
    for path, said in (("empty", "an empty file"), ("gone", "expected a file"), ("a b", "expected a file")):
        with pytest.raises(SourceError, match=said), files.open(PurePath(path)):
            pytest.fail("it was opened")
    with pytest.raises(SourceError, match="expected a folder"):
        files.names(PurePath("empty"))


def test_what_is_too_large_is_not_read(repository, monkeypatch):
    monkeypatch.setattr(git_files, "MAX_BYTES", 10)
    files = GitFiles(repository, "HEAD")
    with pytest.raises(SourceError, match="Check it out, and name its path"):
        files.content(PurePath("a b/ü.bin"))
    assert files.content(PurePath("empty")) == b""
    monkeypatch.setattr(git_files, "MAX_BYTES", 100)
    monkeypatch.setattr(git_files, "MAX_SUM", 30)
    files = GitFiles(repository, "HEAD")
    with pytest.raises(SourceError, match="an object of over"):
        files.content(PurePath("a b/ü.bin"))


@pytest.mark.parametrize(
    "revision", ["nowhere", "--all", "HEAD^{tree}", "a\0b", "a\nb", ":/one", "HEAD^{/one}", "", "HEAD:a b", "a" * 600]
)
def test_what_is_no_revision(repository, revision):
    with pytest.raises(SourceError):
        GitFiles(repository, revision)


def test_paths_that_begin_with_a_dot_are_meant_from_the_folder(repository):
    files = GitFiles(repository / "a b", "HEAD")
    assert files.path("x/y") == "x/y"
    assert files.path("./ü.bin") == "a b/ü.bin"
    assert files.path("../empty") == "empty"
    assert files.path(".gitattributes") == ".gitattributes"
    assert files.inside("ü.bin") == "a b/ü.bin"
    assert files.inside("../../../../empty") == "empty"
