from __future__ import annotations

import io
import sys
import threading

import pytest
from rich.progress import ProgressSample, Task, TaskID

from sigcheck.cli import progress, progress_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def watched(monkeypatch):
    """A terminal in place of stderr; set in the test itself, because pytest sets its own after the fixtures."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("CI", raising=False)
    return stream


def test_long_work_on_a_terminal_is_shown(monkeypatch):
    terminal = watched(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    with progress.shown_progress("checking [red]a\x1b[2J"):
        deadline = threading.Event()
        for _ in range(200):
            if "checking" in terminal.getvalue():
                break
            deadline.wait(0.05)
    assert r"checking [red]a\x1b[2J" in terminal.getvalue()


def wait_for(terminal, text):
    for _ in range(200):
        if text in terminal.getvalue():
            return True
        threading.Event().wait(0.05)
    return False


def test_many_things_are_counted(monkeypatch):
    terminal = watched(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    with progress.shown_progress("reading", 3, "models") as watcher:
        watcher.advance()
        assert wait_for(terminal, "1/3 models")


def test_what_comes_next_is_counted_anew(monkeypatch):
    terminal = watched(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    with progress.shown_progress("looking") as watcher:
        assert wait_for(terminal, "looking")
        watcher.begin("reading", 2_000_000, "bytes")
        watcher.advance(1_000_000)
        assert wait_for(terminal, "1.0 MB/2.0 MB")
    assert "reading" in terminal.getvalue()


def test_a_bar_says_the_rate_and_the_time_left():
    bar = progress_bar.ProgressBar("linting", 20_000, "links")
    bar.stop()
    task = Task(TaskID(0), "linting", 20_000, 5_000, fields={"unit": "links"}, _get_time=lambda: 10.0)
    task.start_time = 0.0
    task._progress.extend(ProgressSample(at, 500) for at in range(11))
    assert str(progress_bar._Counts().render(task)) == "5,000/20,000 links, 500/s, 30 s left"


@pytest.mark.parametrize(("variable", "value"), [("CI", "true"), ("TERM", "dumb")])
def test_a_terminal_that_nobody_sits_before_gets_no_display(monkeypatch, variable, value):
    terminal = watched(monkeypatch)
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    with progress.shown_progress("checking", 3) as watcher:
        watcher.advance()
        assert not any(isinstance(thread, threading.Timer) for thread in threading.enumerate())
    assert terminal.getvalue() == ""


def test_who_wants_it_quiet_gets_no_display(monkeypatch):
    terminal = watched(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    with progress.shown_progress("checking", is_quiet=True):
        assert not any(isinstance(thread, threading.Timer) for thread in threading.enumerate())
    assert terminal.getvalue() == ""


def test_short_work_is_not_shown(monkeypatch):
    terminal = watched(monkeypatch)
    with progress.shown_progress("checking"):
        assert any(isinstance(thread, threading.Timer) for thread in threading.enumerate())
    assert terminal.getvalue() == ""


def test_a_log_gets_no_display(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    before = threading.active_count()
    with progress.shown_progress("checking"):
        assert threading.active_count() == before
    assert stream.getvalue() == ""


def test_an_error_inside_ends_the_display(monkeypatch):
    terminal = watched(monkeypatch)
    with pytest.raises(ZeroDivisionError), progress.shown_progress("checking"):
        raise ZeroDivisionError
    assert terminal.getvalue() == ""
