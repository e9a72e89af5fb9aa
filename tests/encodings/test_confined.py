"""Paths that lead out of a folder, and those that do not."""

from __future__ import annotations

import pytest

from sigcheck.encodings.confined import ConfinedFiles, LeavesError, confine, is_within, require_named, require_writable
from sigcheck.encodings.permission import Permission
from sigcheck.encodings.source import Source
from sigcheck.schema.errors import SourceError, UsageError

CONTRACT = b'{"outputs": {"y": "float32[3]"}}'


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A folder with links of all kinds, as the working folder; beside it one that it must not reach."""
    inside, outside = tmp_path / "repository", tmp_path / "outside"
    for folder in (inside / "deep", outside):
        folder.mkdir(parents=True)
        (folder / "m.json").write_bytes(CONTRACT)
    (inside / "m.json").write_bytes(CONTRACT)
    links = {
        "file": outside / "m.json",
        "gone": outside / "gone.json",
        "folder": outside,
        "up": "..",
        "near": "deep",
        "absolute": inside / "deep",
        "back": "../outside/../repository/m.json",
        "loop": "loop",
        "to_git": ".git/config",
        "chain": "file",
    }
    for name, target in links.items():
        (inside / name).symlink_to(target)
    (outside / "back").symlink_to(inside)
    monkeypatch.chdir(inside)
    return inside


@pytest.mark.parametrize(
    ("path", "found"),
    {
        "m.json": "m.json",
        "absent/x": "absent/x",
        "deep/../m.json": "m.json",
        "near/m.json": "deep/m.json",
        "near/../m.json": "m.json",
        "absolute/m.json": "deep/m.json",
        ".": "",
        "": "",
    }.items(),
)
def test_what_stays_in_the_folder(repository, path, found):
    for given in (path, repository / path):
        assert confine(repository, given) == (repository / found).resolve()


@pytest.mark.parametrize(
    "path",
    [
        *("../outside/m.json", "../gone", "..", "file", "gone", "folder/m.json", "up", "up/repository/m.json", "back"),
        *(".git/config", "deep/.GIT/config", "to_git"),
        *("chain", "/etc/passwd", "/", "deep/../../outside/back/m.json", "../outside/back/m.json"),
    ],
)
def test_what_leads_out_says_nothing_of_what_is_there(repository, path):
    with pytest.raises(LeavesError):
        confine(repository, path)
    with pytest.raises(SourceError) as raised:
        Permission().source(repository, path)
    assert "outside the folder of the project" in str(raised.value)
    with pytest.raises(SourceError):
        Permission().path(repository, path)


@pytest.mark.parametrize("path", ["loop", "loop/m.json"])
def test_links_that_lead_nowhere_are_told_as_such(repository, path):
    for ask in (Permission().source, Permission().path):
        with pytest.raises(SourceError) as raised:
            ask(repository, path)
        assert "cannot be read: Too many levels of symbolic links. Mend the link." in str(raised.value)
    assert not is_within(repository, path)


def test_a_folder_below_which_links_lead_out(repository):
    files = ConfinedFiles(repository, "outside. Stay.")
    source = Source.parse(".", files)
    for name in ("file", "folder", "up", "gone"):
        with pytest.raises(SourceError, match="outside"):
            source.child(name)
    assert source.child("near").child("m.json").head == CONTRACT[:16]


def test_no_hint_names_what_a_link_leads_to(repository):
    (repository / "fil.json").symlink_to(repository.parent / "outside" / "m.json")
    with pytest.raises(SourceError) as raised:
        Permission().source(repository, "fill")
    assert str(raised.value) == "fill: no such file or folder. Check the path."


def test_outside_is_read_where_a_person_allows_it(repository):
    assert Permission(outside=True).source(repository, "../outside/m.json").head == CONTRACT[:16]
    assert Permission(outside=True).source(repository, "file").head == CONTRACT[:16]


@pytest.mark.parametrize(
    ("path", "said"),
    {
        "../a.py": "outside",
        "..": "outside",
        ".": "outside",
        "deep/../../a.py": "outside",
        "/tmp/a.py": "outside",
        "file": "the link file",
        "folder/a.py": "the link folder",
        "near/a.py": "the link near",
        "gone": "the link gone",
        ".git/hooks/post-checkout": "a folder of Git",
        "deep/.GIT/config": "a folder of Git",
    }.items(),
)
def test_where_the_config_may_not_have_a_file_written(repository, path, said):
    with pytest.raises(UsageError, match=said):
        require_writable(repository, path)


def test_where_the_config_may_have_a_file_written(repository):
    for path in ("a.py", "new/deep/a.py", "deep/../a.py", repository / "a.py"):
        require_writable(repository, path)


@pytest.mark.parametrize(
    ("path", "said"),
    {
        "file": "a link",
        "gone": "a link",
        "near": "a link",
        "folder/a.json": "leads out",
        "up/a.json": "leads out",
    }.items(),
)
def test_links_at_a_place_that_a_person_names(repository, path, said):
    with pytest.raises(UsageError, match=said):
        require_named(repository.relative_to(repository) / path)


def test_places_that_a_person_names(repository):
    for path in (
        "a.json",
        ".git/a.json",
        "deep/a.json",
        "near/a.json",
        "../outside/a.json",
        str(repository / "folder" / "a.json"),
    ):
        require_named(type(repository)(path))
