from __future__ import annotations

import io
import sys
import threading

import pytest

from sigcheck.cli import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def watched(monkeypatch):
    """A terminal in place of stderr; set in the test itself, because pytest sets its own after the fixtures."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
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


def test_many_things_are_counted(monkeypatch):
    terminal = watched(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    with progress.shown_progress("reading", 3) as advance:
        advance()
        deadline = threading.Event()
        for _ in range(200):
            if "1/3" in terminal.getvalue():
                break
            deadline.wait(0.05)
        advance()
    assert "1/3" in terminal.getvalue()


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
