from __future__ import annotations

import errno
import json
import os
import tempfile
import zipfile
from pathlib import Path

import pytest

from sigcheck.adapters.placement import MARKER_FILE, check_place, is_own, mark_archive, mark_folder, placed
from sigcheck.schema.errors import UsageError


def write(place, text="new"):
    place.mkdir()
    (place / "model").write_text(text)
    mark_folder(place, {"schema_version": 1})


def fail_after(place, error):
    write(place)
    raise error


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_was_written_takes_its_place_and_nothing_else_is_left(tmp_path):
    target = tmp_path / "model"
    for text in ("first", "second"):
        with placed(target) as place:
            assert place.name == target.name
            write(place, text)
        assert (target / "model").read_text() == text
    assert names(tmp_path) == ["model"]
    assert json.loads((target / MARKER_FILE).read_text()) == {"schema_version": 1}


@pytest.mark.parametrize("is_file", [True, False])
def test_what_somebody_else_wrote_is_kept(tmp_path, is_file):
    target = tmp_path / "model"
    kept = target if is_file else target / "weights"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine")
    with pytest.raises(UsageError, match="is there already, and sigcheck did not write it"), placed(target) as place:
        write(place)
    assert kept.read_text() == "mine"
    assert names(tmp_path) == ["model"]
    with placed(target, force=True) as place:
        write(place)
    assert (target / "model").read_text() == "new"


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), ValueError("no"), KeyboardInterrupt()]
)
def test_a_write_that_fails_leaves_the_old_one_and_nothing_half_written(tmp_path, error):
    target = tmp_path / "model"
    with placed(target) as place:
        write(place, "old")
    expected = UsageError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected), placed(target) as place:
        fail_after(place, error)
    assert (target / "model").read_text() == "old"
    assert names(tmp_path) == ["model"]


def test_a_move_that_fails_puts_the_old_one_back(tmp_path, monkeypatch):
    target = tmp_path / "model"
    with placed(target) as place:
        write(place, "old")
    rename = Path.rename

    def fail(path, to):
        if path.parent.suffix == ".part" and path.name == target.name:
            raise OSError(errno.EROFS, "Read-only file system")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(UsageError, match="cannot be written: Read-only file system"), placed(target) as place:
        write(place)
    assert (target / "model").read_text() == "old"
    assert names(tmp_path) == ["model"]


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(UsageError, match="model: cannot be written: Permission denied"), placed(tmp_path / "model"):
        pytest.fail("nothing was to be written")


def test_a_place_in_no_folder_is_said(tmp_path):
    with pytest.raises(UsageError, match="in no folder that exists"):
        check_place(tmp_path / "nowhere" / "model", force=True)


def test_nothing_written_is_an_error(tmp_path):
    with pytest.raises(UsageError, match="nothing was written"), placed(tmp_path / "model"):
        pass
    assert names(tmp_path) == []


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    with pytest.raises(UsageError, match="a link, which is not followed"), placed(tmp_path / "link", force=True):
        pass
    assert not list((tmp_path / "there").iterdir())


def test_a_folder_that_a_link_leads_out_of_is_not_written_to(tmp_path, monkeypatch):
    (tmp_path / "repository").mkdir()
    (tmp_path / "there").mkdir()
    (tmp_path / "repository" / "out").symlink_to(tmp_path / "there")
    monkeypatch.chdir(tmp_path / "repository")
    with pytest.raises(UsageError, match="leads out of this folder by a link"), placed(Path("out/model")):
        pass
    assert not list((tmp_path / "there").iterdir())


def test_a_marked_archive_is_own_and_reads_as_before(tmp_path):
    path = tmp_path / "adapter.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
    assert not is_own(path)
    mark_archive(path)
    assert is_own(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("config.json") == b"{}"


def test_an_empty_folder_is_nobodys(tmp_path):
    assert is_own(tmp_path)


if hasattr(os, "mkfifo"):

    def test_a_pipe_is_not_waited_for(tmp_path):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UsageError, match="sigcheck did not write it"):
            check_place(tmp_path / "pipe", force=False)
