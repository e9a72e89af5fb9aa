"""A pattern finds what the library finds, and ends where links lead back."""

from __future__ import annotations

import glob
import os
from pathlib import Path

import pytest

from sigcheck.encodings.path_pattern import find_paths

FILES = ("x.csv", "a/x.csv", "a/b/x.csv", "a/b/c/y.npy", "b/a/x.csv", ".h/x.csv", "a/.h/x.csv", "d[1]/x.csv")
PATTERNS = (
    *("*.csv", "a/*", "**", "**/*.csv", "./**/*.csv", "**/x.csv", "a/**", "*/**/x.csv", "**/a/*", "**/b/"),
    *("**/a/**/*.csv", "**/**/*.csv", "[ab]/**/*", "d[[]1]/**", "none/**", "x.csv/**/*"),
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(found):
    return sorted({one for one in found if Path(one).is_file()})


def found_by_library(pattern):
    return files(glob.glob(pattern, recursive=True))  # noqa: PTH207  # what is compared with


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_finds_the_files_that_the_library_finds(folder, pattern):
    expected = found_by_library(pattern)
    assert files(find_paths(pattern)) == expected
    assert files(find_paths(pattern, folder)) == expected
    assert files(find_paths(f"{folder}/{pattern}")) == found_by_library(f"{folder}/{pattern}")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_a_folder_is_looked_at_once_however_many_links_lead_there(folder):
    before = find_paths("**/*.csv")
    (folder / "a" / "0").symlink_to("0")
    # Two that lead back have as many paths as there are orders of them, and so have folders that are linked twice each.
    for name in ("back", "a/back", "a/again", "b/out"):
        (folder / name).symlink_to(folder)
    for name in ("twice", "a/thrice"):
        (folder / name).symlink_to(folder / "b")
    assert find_paths("**/*.csv") == before


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_links_to_folders_elsewhere_are_followed(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "deep").mkdir()
    (other / "deep" / "z.csv").touch()
    (folder / "linked").symlink_to(other)
    assert "linked/deep/z.csv" in find_paths("**/*.csv")
    assert find_paths("linked/**/*.csv") == ["linked/deep/z.csv"]
