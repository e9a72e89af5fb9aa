"""Places of which the system says nothing: a folder that lets nobody in, a name that no file has, links in a circle."""

from __future__ import annotations

import ctypes
import sys

import pytest

import sigcheck
from sigcheck.cli import COMMANDS
from sigcheck.config.load import load_config
from sigcheck.project.lint import lint
from sigcheck.schema.errors import SourceError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="rights are asked, and given up, as Linux has them")

MODELS = ("encoder", "classifier.keras")
# What is there already is written over by none of them: of each command, where it takes a place.
LINES = {
    "show": [("PLACE",), ("encoder", "-o", "PLACE")],
    "why": [("PLACE", "x")],
    "check": [
        ("PLACE", "classifier.keras"),
        ("encoder", "PLACE"),
        *((*MODELS, option, "PLACE") for option in ("--facts", "--example", "--html")),
        (*MODELS, "--output", "json=PLACE"),
    ],
    "adapt": [(*MODELS, "-o", "PLACE"), (*MODELS, "--as", "saved_model", "-o", "PLACE"), ("--config", "PLACE")],
    "verify": [("PLACE",), ("PLACE", "--case", "PLACE")],
    "fuse": [(*MODELS, "-o", "PLACE")],
    "init": [("PLACE",)],
    "lint": [("--config", "PLACE"), ("--baseline", "PLACE"), ("--baseline", "PLACE", "--accept")],
    "lock": [("--config", "PLACE")],
    "diff": [("PLACE", "encoder"), ("encoder", "PLACE"), ("encoder", "encoder", "--html", "PLACE")],
    "observe": [("PLACE",), ("PLACE*",), ("data.csv", "-o", "PLACE"), ("data.csv", "--features", "PLACE")],
}
WITHOUT_PLACES = {"explain", "doctor", "completion", "lsp"}
EACH = [(command, *line) for command, lines in LINES.items() for line in lines]
PLACES = ["closed", "closed/file", "closed/data.csv", "closed/deep/file", "n" * 300, "n/" * 3000, "loop", "loop/file"]
_CAPABILITIES_VERSION = 0x20080522
# Bits of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, by which root reads and writes what it likes.
_RIGHTS = 1 << 1 | 1 << 2


def _without(rights):
    """Gives up rights of this thread, and returns those that it had."""
    libc = ctypes.CDLL(None, use_errno=True)
    head, data = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(head, data):
        pytest.skip("the system does not tell what a process may")
    before = data[0]
    data[0] = rights(before)
    libc.capset(head, data)
    return before


@pytest.fixture
def place(request, folder):
    """A place, in a folder of models, as somebody without the rights of root finds it."""
    (folder / "data.csv").write_text("a,b\n1,2\n")
    (folder / "sigcheck.toml").write_text('[models.a]\nsource = "encoder"\n')
    (folder / "loop").symlink_to("loop")
    closed = folder / "closed"
    closed.mkdir()
    (closed / "data.csv").write_text("a,b\n1,2\n")
    closed.chmod(0)
    before = _without(lambda has: has & ~_RIGHTS)
    try:
        with pytest.raises(PermissionError):
            [*closed.iterdir()]
        yield request.param
    finally:
        _without(lambda _: before)
        closed.chmod(0o700)


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize("place", PLACES, indirect=True, ids=lambda place: place[:12])
def test_every_place_of_every_command_is_told_in_a_line(sigcheck, place):
    for line in EACH:
        code, _, err = sigcheck(*(word.replace("PLACE", place) for word in line))
        assert code == 2, line
        assert "internal error" not in err, line
        told = err.splitlines()[-1]
        assert told.startswith("sigcheck: "), line
        assert len(told) < 2_000, line


def test_every_command_is_tried():
    assert {*LINES, *WITHOUT_PLACES} == {*COMMANDS}


@pytest.mark.parametrize("place", ["closed", "closed/data.csv", "closed/*.csv", "n" * 300], indirect=True)
def test_data_that_cannot_be_looked_at_is_the_one_error(place):
    with pytest.raises(SourceError, match=r"cannot be read: .*\. (Check its permissions|Shorten the name)\."):
        sigcheck.observe(place)


@pytest.mark.parametrize("place", ["closed", "closed/data.csv"], indirect=True)
def test_data_of_a_config_that_cannot_be_looked_at_is_the_one_error(folder, place):
    (folder / "sigcheck.toml").write_text(f'[models.a]\nsource = "encoder"\ndata = "{place}"\n')
    with pytest.raises(SourceError, match=r"^models\.a\.data: '.*' cannot be read: Permission denied\."):
        lint(load_config(folder / "sigcheck.toml"))
