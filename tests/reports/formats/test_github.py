from __future__ import annotations

import re

import pytest

from sigcheck.reports.formats.github import render_check, render_diff, render_lint

# What the runner reads as a command (actions/runner, ActionCommand.cs): the rest of the log is text.
COMMAND = re.compile(r"::(error|warning|notice) file=([^,:]*),line=(\d+),title=([^,:]*)::(.*)")


def unescaped(text):
    for code, letter in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, letter)
    return text


def commands(text):
    *lines, summary = text.split("\n")
    assert "::" not in summary.lstrip()[:2]
    return [[unescaped(part) for part in COMMAND.fullmatch(line).groups()] for line in lines], summary


def test_each_finding_is_an_annotation(result):
    (warning, note), summary = commands(render_check(result))
    assert warning[:4] == [
        "warning",
        "classifier.keras",
        "1",
        "layout_mismatch: models/encoder#serving_default -> classifier.keras#default",
    ]
    assert warning[4] == (
        "image: required axes in another order\n"
        "required  image: float16[?, 3, 8, 8]\n"
        "provided  pixels: float32[?, 8, 8, 3]\n"
        "help      the adapter does it"
    )
    assert note[0] == "notice"
    assert summary.endswith("adapts; found: 1 warning, 1 note")


def test_annotations_point_at_lines_of_the_config(lint):
    told, summary = commands(render_lint(lint))
    assert {(one[1], one[2]) for one in told} == {("ci/sigcheck.toml", line) for line in ("6", "12", "16", "20")}
    assert summary == "sigcheck: ci/sigcheck.toml: 3 links, 2 models; found: 3 errors, 1 warning"


def test_changes_are_annotations(diff):
    (change,), _ = commands(render_diff(diff))
    assert change[:2] == ["error", "models/encoder2"]


@pytest.mark.parametrize("name", ["::error::x", "%0A::error::x", "a\n::stop-commands::x", "##[error]x", "a,line=9::b"])
def test_no_name_can_command_the_runner(result, name):
    finding = result.findings[0].model_copy(update={"place": name, "message": name, "help": name})
    side = result.producer.model_copy(update={"source": name, "key": name})
    text = render_check(result.model_copy(update={"findings": (finding,), "producer": side, "consumer": side}))
    (annotation,), summary = commands(text)
    assert "##[" not in summary
    assert annotation[2] == "1"
