from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sigcheck.cli import run
from sigcheck.cli.output import file_page, page, say, write_whole
from sigcheck.schema.errors import UsageError


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


if sys.platform != "win32":

    def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        write_whole(pipe, "größe\n")
        assert os.read(reader, 100) == "größe\n".encode()
        os.close(reader)
        assert stat.S_ISFIFO(pipe.stat().st_mode)

    def test_a_pipe_that_nobody_reads_is_refused_at_once(tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with pytest.raises(UsageError, match="cannot be written"):
            write_whole(pipe, "text")
        assert stat.S_ISFIFO(pipe.stat().st_mode)

    def test_a_terminal_is_written_to_and_not_replaced(tmp_path):
        ours, theirs = os.openpty()
        # By a link in a folder of our own: were it replaced, only the link's target would be.
        device = tmp_path / "terminal"
        device.symlink_to(os.ttyname(theirs))
        write_whole(device, "text")
        assert os.read(ours, 100) == b"text"
        assert stat.S_ISCHR(device.stat().st_mode)
        os.close(ours)
        os.close(theirs)

    @pytest.mark.parametrize(("closed", "told"), [(">&-", "stdout: closed, expected a place"), (">&- 2>&-", "")])
    def test_a_closed_stdout_is_no_pass(folder, closed, told):
        command = f'"{sys.executable}" -m sigcheck check encoder classifier.keras --verify typed {closed}'
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(
            ["/bin/sh", "-c", command], check=False, cwd=folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 2
        assert told in done.stderr
        assert len(done.stderr.splitlines()) == bool(told)


def test_a_site_that_the_environment_names_is_linked_to(monkeypatch, tmp_path):
    monkeypatch.setenv("SIGCHECK_DOCS", "https://docs.test/s")
    assert page().docs == "https://docs.test/s/"
    assert file_page().address_of("rules", "assumed") == "https://docs.test/s/rules/assumed.html"
    monkeypatch.delenv("SIGCHECK_DOCS")
    assert page().docs == ""
    assert file_page().address_of("rules", "assumed") == ""


@pytest.mark.parametrize(
    "given",
    ["docs.test", "javascript:alert(1)", "https://", "https://a b/", "https://a/?q", "file:///x", "https://a/\x1b"],
)
def test_what_is_no_address_of_a_site_is_refused_in_one_line(monkeypatch, capsys, given):
    monkeypatch.setenv("SIGCHECK_DOCS", given)
    assert run(["check", "fixtures/rank/encoder", "fixtures/rank/classifier.keras", "--verify", "typed"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("sigcheck: SIGCHECK_DOCS: found ")
    assert told.count("\n") == 1
