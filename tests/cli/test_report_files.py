from __future__ import annotations

import json

import pytest

from sigcheck.cli.report_files import parse_outputs, write_reports
from sigcheck.schema.errors import UsageError


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
    with pytest.raises(UsageError, match="a folder"):
        parse_outputs([f"json={tmp_path}"])


def test_nothing_is_written_where_one_cannot_be_rendered(tmp_path):
    def render(name):
        return {"json": "{}"}[name]

    with pytest.raises(KeyError):
        write_reports(parse_outputs([f"json={tmp_path / 'a'}", f"text={tmp_path / 'b'}"]), render)
    assert list(tmp_path.iterdir()) == []
