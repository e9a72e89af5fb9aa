from __future__ import annotations

import json
import os

import pytest

from sigcheck.encodings import unchanged
from sigcheck.encodings.confined import ConfinedFiles
from sigcheck.encodings.files import LOCAL_FILES
from sigcheck.encodings.trace import Trace, add_trace, told_more, traced
from sigcheck.encodings.unchanged import is_unchanged, seal
from sigcheck.encodings.whole_file import read_whole
from sigcheck.schema.errors import SourceError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of old files: a model in a folder, and a link to it."""
    monkeypatch.setattr(unchanged, "_COARSE", -(10**18))
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "graph.pb").write_bytes(b"graph")
    (tmp_path / "link").symlink_to("model")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "graph.pb").write_bytes(b"graph")
    return tmp_path


def ask(folder):
    """Asks each kind of question, and gives what is kept of the answers, as it is read again."""
    with traced() as trace:
        files = ConfinedFiles(folder, "outside")
        assert files.kind(folder / "link" / "graph.pb") == "file"
        assert files.names(folder / "model") == ["graph.pb"]
        assert files.start(folder / "link" / "graph.pb", 2) == b"gr"
        assert LOCAL_FILES.kind(folder / "none") is None
        with pytest.raises(FileNotFoundError):
            read_whole(folder / "lock", 2**20, "a lock")
    return json.loads(json.dumps(seal(trace)))


def touch(folder):
    os.utime(folder / "model" / "graph.pb", (0, 0))


def write_the_same(folder):
    (folder / "model" / "graph.pb").write_bytes(b"graph")


@pytest.mark.parametrize("change", [lambda _: None, touch, write_the_same])
def test_what_answers_the_same_is_unchanged(folder, change):
    seen = ask(folder)
    change(folder)
    assert is_unchanged(seen)


def overwrite(folder):
    # As many bytes, at the same time.
    status = (folder / "model" / "graph.pb").stat()
    (folder / "model" / "graph.pb").write_bytes(b"GRAPH")
    os.utime(folder / "model" / "graph.pb", ns=(status.st_atime_ns, status.st_mtime_ns))


def relink(folder):
    # The same bytes lie there.
    (folder / "link").unlink()
    (folder / "link").symlink_to("other")


def lead_out(folder):
    (folder / "link").unlink()
    (folder.parent / "outside").mkdir()
    (folder.parent / "outside" / "graph.pb").write_bytes(b"graph")
    (folder / "link").symlink_to(folder.parent / "outside")


CHANGES = {
    "other bytes": overwrite,
    "more bytes": lambda folder: (folder / "model" / "graph.pb").write_bytes(b"graphs"),
    "gone": lambda folder: (folder / "model" / "graph.pb").unlink(),
    "another name": lambda folder: (folder / "model" / "assets").mkdir(),
    "another file behind a link": relink,
    "a link that leads out": lead_out,
    "a folder that was not there": lambda folder: (folder / "none").mkdir(),
    "a file that was not there": lambda folder: (folder / "lock").touch(),
    "a folder in place of a file that was not there": lambda folder: (folder / "lock").mkdir(),
    "a pipe": lambda folder: ((folder / "model" / "graph.pb").unlink(), os.mkfifo(folder / "model" / "graph.pb")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_answers_otherwise_is_changed(folder, change):
    seen = ask(folder)
    assert is_unchanged(seen)
    change(folder)
    assert not is_unchanged(seen)


@pytest.mark.parametrize(
    "change", [lambda path: path.write_bytes(b"other"), lambda path: path.unlink(), lambda path: path.chmod(0o640)]
)
def test_what_changed_since_it_was_read_is_not_kept(folder, change):
    with traced() as trace:
        LOCAL_FILES.start(folder / "model" / "graph.pb", 5)
    change(folder / "model" / "graph.pb")
    assert seal(trace) is None


def test_what_changed_shortly_before_is_not_kept(folder, monkeypatch):
    monkeypatch.undo()
    with traced() as trace:
        LOCAL_FILES.start(folder / "model" / "graph.pb", 5)
    assert seal(trace) is None
    trace.start += 10
    assert is_unchanged(seal(trace))


def test_what_was_answered_in_two_ways_is_not_kept(folder):
    with traced() as trace:
        LOCAL_FILES.kind(folder / "none")
        (folder / "none").mkdir()
        LOCAL_FILES.kind(folder / "none")
    assert seal(trace) is None


@pytest.mark.parametrize("path", ["model", "../elsewhere", "model/\0"])
def test_what_went_wrong_is_not_kept(folder, path):
    with traced() as trace, pytest.raises((SourceError, OSError, ValueError)):
        ConfinedFiles(folder, "outside").start(folder / path, 5)
    assert seal(trace) is None


def test_what_is_not_followed_is_not_kept(folder):
    with traced() as trace:
        LOCAL_FILES.start(folder / "model" / "graph.pb", 5)
        told_more()
    assert seal(trace) is None


def test_more_bytes_than_are_looked_through_are_not_kept(folder, monkeypatch):
    seen = ask(folder)
    monkeypatch.setattr(unchanged, "MOST_BYTES", 4)
    assert not is_unchanged(seen)
    assert ask(folder) is None


def test_what_another_process_asked_is_added(folder):
    with traced() as other:
        LOCAL_FILES.start(folder / "model" / "graph.pb", 5)
        LOCAL_FILES.names(folder)
        ConfinedFiles(folder, "outside").kind(folder / "link")
    with traced() as trace:
        add_trace(None)
        add_trace(other)
    assert (trace.kinds, trace.names, trace.places, trace.files) == (
        other.kinds,
        other.names,
        other.places,
        other.files,
    )
    with traced() as broken:
        add_trace(Trace(is_whole=False))
    assert not broken.is_whole
    add_trace(other)


BROKEN = (
    *(None, [], 3, "text", {}, {"kinds": {}, "names": {}, "places": {}, "files": {}}),
    {"kinds": 3, "names": {}, "places": {}, "files": {"a": None}},
    {"kinds": {}, "names": {}, "places": {"/": {"\0": "x"}}, "files": {"/none": None}},
    {"kinds": {}, "names": {"/none": "x"}, "places": {}, "files": {"/none": None}},
    {"kinds": {}, "names": {}, "places": {}, "files": {"/dev/zero": [1, "x"]}},
    {"kinds": {}, "names": {}, "places": {}, "files": {"/none": "text"}},
    {"kinds": {}, "names": {}, "places": {}, "files": {"\0": None}},
)


@pytest.mark.parametrize("seen", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_trace_is_changed(seen):
    assert not is_unchanged(seen)
