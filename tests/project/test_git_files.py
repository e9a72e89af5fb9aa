from __future__ import annotations

import subprocess
from pathlib import Path, PurePath

import pytest

from sigcheck.project.git_files import GitFiles, repository_path
from sigcheck.schema.errors import SourceError


@pytest.fixture
def repository(tmp_path):
    """A repository of one commit, with files of names that Git would quote."""
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "ü.bin").write_bytes(b"0123456789abcdefghij")
    (tmp_path / "empty").write_bytes(b"")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_files_of_a_revision(repository):
    (repository / "a b" / "ü.bin").unlink()
    files = GitFiles(repository, "HEAD")
    assert files.kind(PurePath("a b")) == "folder"
    assert files.kind(PurePath("a b/ü.bin")) == "file"
    assert files.kind(PurePath("gone")) is None
    assert files.names(PurePath("a b")) == ["ü.bin"]
    assert files.names(PurePath()) == ["a b", "empty"]
    assert files.head(PurePath("a b/ü.bin")) == b"0123456789abcdef"
    with files.open(PurePath("a b/ü.bin")) as content:
        assert bytes(content[10:]) == b"abcdefghij"


def test_what_is_no_file(repository):
    files = GitFiles(repository, "HEAD")
    for path, said in (("empty", "an empty file"), ("gone", "expected a file"), ("a b", "expected a file")):
        with pytest.raises(SourceError, match=said), files.open(PurePath(path)):
            pytest.fail("it was opened")


@pytest.mark.parametrize("revision", ["nowhere", "--all", "HEAD^{tree}", "a\0b"])
def test_what_is_no_revision(repository, revision):
    with pytest.raises(SourceError):
        GitFiles(repository, revision)


def test_paths_that_begin_with_a_dot_are_meant_from_the_folder(repository):
    assert repository_path(repository / "a b", "x/y") == "x/y"
    assert repository_path(repository / "a b", "./ü.bin") == "a b/ü.bin"
    assert repository_path(repository / "a b", "../empty") == "empty"
    assert repository_path(Path("a b"), ".gitattributes") == ".gitattributes"
