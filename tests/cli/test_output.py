from __future__ import annotations

import io
import sys

import pytest

from sigcheck.cli.output import page, say


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("environment", "has_colour"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_has_colours_unless_it_says_no(monkeypatch, environment, has_colour):
    monkeypatch.setattr(sys, "stdout", Terminal())
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "100")
    assert page().has_colour is has_colour
    assert page().width == 100


def test_a_pipe_has_80_columns_and_no_colours(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert (page().width, page().has_colour) == (80, False)


def test_what_the_encoding_lacks_is_an_escape(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    say("größe \udcff")
    assert raw.getvalue() == b"gr\\xf6\\xdfe \\udcff\n"
