from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from sigcheck.config.load import load_config
from sigcheck.encodings import unchanged
from sigcheck.encodings.files import LOCAL_FILES
from sigcheck.encodings.trace import traced
from sigcheck.project import answers
from sigcheck.project.answers import Answer, answer
from sigcheck.project.cache import Cache
from sigcheck.project.lint import lint

from .conftest import SAMPLE


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Asks a question of a file, and says which answers were made."""
    monkeypatch.setattr(unchanged, "_COARSE", -(10**18))
    (tmp_path / "file").write_text("one")
    made = []

    def ask(text="passed", question=("lint",), **of_answer):
        def make():
            made.append(text)
            LOCAL_FILES.start(tmp_path / "file", 9)
            return Answer(**{"code": 0, "text": text, "is_final": True} | of_answer)

        return answer(Cache(tmp_path / "cache"), question, make)

    ask.made, ask.file, ask.entries = made, tmp_path / "file", lambda: [*(tmp_path / "cache").glob("answers/*/*")]
    return ask


def test_an_answer_holds_while_its_files_do(asked):
    first = asked()
    assert asked("again") == first._replace(is_kept=True)
    asked.file.write_text("two")
    assert asked("changed").text == "changed"
    assert asked("again").text == "changed"
    assert asked.made == ["passed", "changed"]
    # The one took the place of the other.
    assert len(asked.entries()) == 1


def test_another_question_or_installation_or_folder_is_another(asked, tmp_path, monkeypatch):
    asked()
    asked("other", ("lint", "verbose"))
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    asked("path")
    (tmp_path / "site" / "package").mkdir()
    os.utime(tmp_path / "site", (1, 1))
    asked("installed")
    monkeypatch.chdir(tmp_path / "site")
    asked("folder")
    assert asked.made == ["passed", "other", "path", "installed", "folder"]


NOT_KEPT = (
    {"is_final": False},
    {"code": 2},
    {"text": "\x1b[2J"},
    {"text": "a\u202eb"},
    {"text": "::error::x"},
    {"text": "x\n##[error]"},
    {"told": "\x07"},
)


@pytest.mark.parametrize("more", NOT_KEPT, ids=str)
def test_what_may_change_or_a_terminal_or_log_obeys_is_not_kept(asked, more):
    asked(**more)
    asked(**more)
    assert (len(asked.made), asked.entries()) == (2, [])


def test_colours_are_kept(asked):
    asked("\x1b[1;31mred\x1b[0m")
    assert asked("again").text == "\x1b[1;31mred\x1b[0m"


SPOILED = (
    *({"code": code} for code in (2, None, "0", True, [])),
    *({"text": text} for text in (3, "\x1b]0;title\x07", "\x1b[2J", "::stop-commands::x", "\r")),
    *({"told": text} for text in (None, "\x1b[2J", "two\rlines")),
    *({"seen": seen} for seen in (None, {}, {"kinds": {}, "names": {}, "places": {}, "files": {}})),
)


@pytest.mark.parametrize("spoil", SPOILED, ids=str)
def test_a_broken_or_hostile_entry_counts_as_none(asked, spoil):
    asked()
    (entry,) = asked.entries()
    entry.write_text(json.dumps(json.loads(entry.read_text()) | spoil))
    assert asked("again").text == "again"


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such mode there")
def test_what_another_could_have_written_counts_as_none(asked):
    asked()
    (entry,) = asked.entries()
    entry.chmod(0o622)
    assert asked("again").text == "again"


def test_a_text_that_is_too_long_is_not_kept(asked, monkeypatch):
    monkeypatch.setattr(answers, "_MOST_TEXT", 3)
    asked()
    assert asked.entries() == []


def absolute(path):
    """The path as a text; links stay as they are."""
    return str(Path(path).absolute())


class Asked:
    """What the system is asked of files in a folder, whoever asks."""

    def __init__(self, folder, monkeypatch):
        self.looks, self.listings, self.opened = set(), set(), set()
        self._folder, self._is_on = os.path.realpath(folder), True
        for name in ("stat", "lstat", "scandir", "listdir", "open"):
            monkeypatch.setattr(os, name, self._noting(getattr(os, name), name))
        # `open` asks the system itself.
        sys.addaudithook(self._hear)

    def _noting(self, call, name):
        kept = {"open": self.opened, "scandir": self.listings, "listdir": self.listings}.get(name, self.looks)

        def noting(path=".", *arguments, **more):
            self._note(kept, path)
            return call(path, *arguments, **more)

        return noting

    def _hear(self, event, arguments):
        if self._is_on and event == "open":
            self._note(self.opened, arguments[0])

    def _note(self, kept, path):
        if self._is_on and isinstance(path, str | os.PathLike):
            place = absolute(path)
            if place.startswith(f"{self._folder}{os.sep}"):
                kept.add(place)

    def end(self):
        self._is_on = False


def test_a_lint_asks_nothing_of_a_project_that_is_not_traced(tmp_path, monkeypatch):
    """What the trace does not know of, a kept answer would not notice."""
    project = tmp_path / "project"
    shutil.copytree(SAMPLE, project)
    (project / "resizer_link").symlink_to("models/resizer")
    config = (project / "sigcheck.toml").read_text()
    (project / "sigcheck.toml").write_text(config.replace('"models/resizer"', '"resizer_link"'))
    monkeypatch.chdir(project)
    monkeypatch.setattr(unchanged, "_COARSE", -(10**18))
    asked = Asked(project, monkeypatch)
    with traced() as trace:
        config = load_config(project / "sigcheck.toml")
        lint(config, verify="typed", cache=Cache(tmp_path / "cache"))
    asked.end()
    assert trace.is_whole
    files = {absolute(path) for path in trace.files}
    assert {path.relative_to(project).as_posix() for path in map(Path, files)} > {
        "sigcheck.toml",
        "sigcheck.lock",
        "adapters/resizer_to_backbone.py",
        "models/backbone.keras",
        "models/resizer/saved_model.pb",
    }
    assert asked.opened <= files
    # What is said of a name that is not there looks for one that is alike, and decides nothing: the lock answers.
    assert asked.listings - {str(project / "models")} <= {absolute(path) for path in trace.names}
    led = {absolute(path) for places in trace.places.values() for path in (*places, *places.values())}
    known = files | led | {absolute(path) for path in trace.kinds}
    ways = {parent for path in known for parent in (path, *map(str, Path(path).parents))}
    assert asked.looks <= ways
