from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from sigcheck.cli import COMMANDS
from sigcheck.cli.report_files import parse_outputs, write_reports
from sigcheck.reports import FORMATS
from sigcheck.schema.errors import UsageError

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_several_reports_are_written_in_one_run(sigcheck, folder, typed):
    files = {name: folder / f"fit.{name}" for name in ("sarif", "markdown", "json")}
    options = [option for name, file in files.items() for option in ("--output", f"{name}={file}")]
    code, out, _ = sigcheck("check", "encoder", "classifier.keras", *options)
    assert code == 0
    assert "adapts" in out
    assert json.loads(files["sarif"].read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert json.loads(files["json"].read_text(encoding="utf-8"))["verdict"] == "adapts"
    assert files["markdown"].read_text(encoding="utf-8").startswith("## ✅ sigcheck: adapts\n")


@pytest.mark.parametrize("pair", ["fit.json", "xml=fit.xml", "json=", "=fit.json"])
def test_a_wrong_pair_is_named(pair):
    with pytest.raises(UsageError, match="expected FORMAT=FILE"):
        parse_outputs([pair])


def test_two_reports_need_two_files(tmp_path):
    with pytest.raises(UsageError, match="named twice"):
        parse_outputs(["json=x", "text=x"])
    (tmp_path / "in").mkdir()
    with pytest.raises(UsageError, match="named twice"):
        parse_outputs([f"json={tmp_path / 'x'}", f"text={tmp_path / 'in' / '..' / 'x'}"])
    with pytest.raises(UsageError, match="a folder"):
        parse_outputs([f"json={tmp_path}"])


def test_nothing_is_written_where_one_cannot_be_rendered(tmp_path):
    def render(name):
        return {"json": "{}"}[name]

    with pytest.raises(KeyError):
        write_reports(parse_outputs([f"json={tmp_path / 'a'}", f"text={tmp_path / 'b'}"]), render)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sources", [("encoder", "classifier.keras"), ("encoder", "classifier.keras", "classifier.keras")]
)
def test_a_web_page_is_written_with_the_graphs_that_were_searched(sigcheck, folder, typed, sources):
    sigcheck("check", *sources, "--html", folder / "fit.html")
    text = (folder / "fit.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert 'class="hop' in text
    assert text == sigcheck("check", *sources, "--format", "html")[1]


def test_a_web_page_needs_a_file_of_its_own(tmp_path):
    with pytest.raises(UsageError, match="named twice"):
        parse_outputs(["json=x"], "x")


def test_a_project_has_a_web_page_too(sigcheck, tmp_path, monkeypatch):
    monkeypatch.chdir(FIXTURES / "project")
    sigcheck("lint", "--verify", "typed", "--no-cache", "--html", tmp_path / "all.html")
    text = (tmp_path / "all.html").read_text(encoding="utf-8")
    assert text.count('<details class="link') == 6
    assert "text_encoder -&gt; ranker" in text


@pytest.mark.parametrize(("name", "start"), [("svg", "<svg "), ("mermaid", "flowchart LR"), ("dot", "digraph ")])
def test_the_picture_alone_is_a_format(sigcheck, folder, typed, name, start):
    assert sigcheck("check", "encoder", "classifier.keras", "--format", name)[1].startswith(start)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.keras", b"PK\x03\x04\x00"),
        ("model.tflite", b"\x1c\0\0\0TFL3"),
        ("sigcheck.toml", b"a = 1"),
        ("A.PY", b"x"),
        ("MLmodel", b"flavors:"),
        ("model.json", b'{"format": "graph-model"}'),
    ],
)
@pytest.mark.parametrize("form", ["html", "svg", "json", "sarif"])
def test_what_is_no_report_is_kept(tmp_path, form, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"is there already, and no report in \w+, expected one of an earlier run or"):
        parse_outputs([f"{form}={path}"])
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("text", "anything"),
        ("text", "# How to\n\n    sigcheck check a b\n\nfound: nothing\n"),
        ("text", "a -> b: mapped\nc -> d: lost\n"),
        ("github", "notes\n"),
        ("github", "sigcheck: to be run\n"),
        ("gitlab", '["mine"]\n'),
        ("gitlab", '[\n  {\n    "description": "mine"\n  }\n]\n'),
        ("html", '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Mine</title>\n'),
        ("json", '{\n  "schema_version": 1,\n  "source": "encoder",\n  "signatures": []\n}\n'),
        ("junit", '<?xml version="1.0" encoding="utf-8"?>\n<testsuites><testsuite name="pytest" /></testsuites>\n'),
        ("markdown", "## Notes\n"),
        ("mermaid", "flowchart LR\n  A --> B\n"),
        ("dot", "digraph pipeline {\n  a -> b;\n}\n"),
        ("svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9"><path d="M0 0"/></svg>\n'),
        ("sarif", '{\n  "$schema": "x",\n  "version": "2.1.0",\n  "runs": [\n    {\n      "tool": "ruff"\n'),
    ],
)
def test_what_is_only_like_a_report_is_kept(tmp_path, form, content):
    path = tmp_path / "report"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(
        UsageError, match=rf"no report in {form}, expected .*\. Name another file, or delete this one\."
    ):
        parse_outputs([f"{form}={path}"])


def test_every_form_has_a_file_that_is_only_like_it():
    [cases] = [mark.args[1] for mark in test_what_is_only_like_a_report_is_kept.pytestmark]
    assert {form for form, _ in cases} == set(FORMATS)


@pytest.mark.parametrize("made", [lambda _: b"", lambda page: page, lambda page: page.replace(b"\n", b"\r\n")])
def test_a_report_of_an_earlier_run_is_written_again(sigcheck, folder, typed, made):
    path = folder / "report.html"
    sigcheck("check", "encoder", "classifier.keras", "--html", path)
    path.write_bytes(made(path.read_bytes()))
    assert parse_outputs([], str(path)) == (("html", path),)


@pytest.mark.parametrize("name", FORMATS)
def test_every_report_is_known_for_one(sigcheck, folder, typed, name):
    models = ("encoder", "classifier.keras", "classifier.keras")
    report = f"{name}={folder / 'report'}"
    asked = [("check", *models[:2]), ("check", *models), ("check", *models, "--verbose"), ("diff", *models[:2])]
    for words in (*asked, *asked):
        _, _, err = sigcheck(*words, "--output", report)
        assert "no report" not in err
        assert FORMATS[name].KNOWN_BY.search((folder / "report").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FORMATS)
def test_every_report_of_a_project_is_known_for_one(sigcheck, tmp_path, monkeypatch, name):
    monkeypatch.chdir(FIXTURES / "project")
    for words in (["lint", "--verify", "typed"], ["lint", "--verify", "typed", "--verbose"], ["diff", "lock"]) * 2:
        _, _, err = sigcheck(*words, "--output", f"{name}={tmp_path / 'report'}")
        assert "no report" not in err
        assert FORMATS[name].KNOWN_BY.search((tmp_path / "report").read_text(encoding="utf-8"))


def test_a_diff_has_a_web_page_too(sigcheck, folder):
    code, out, _ = sigcheck("diff", "encoder", "classifier.keras", "--html", folder / "diff.html")
    assert code == 1
    assert "error[" in out
    assert (folder / "diff.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_that_writes_reports_writes_a_web_page(name):
    command = getattr(import_module(f"sigcheck.cli.{name}"), name)
    names = {parameter.name for parameter in command.params}
    assert ("outputs" in names) == ("html" in names)
    assert ("html" in names) == (name in {"check", "lint", "diff"})
