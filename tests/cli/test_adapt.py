from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from sigcheck.cli.adapter_form import MARKER

pytestmark = pytest.mark.usefixtures("folder", "typed")


def test_the_code_goes_to_stdout_and_the_report_to_stderr(sigcheck):
    code, out, err = sigcheck("adapt", "encoder", "classifier.keras")
    assert code == 0
    assert MARKER in out
    compile(out, "adapter.py", "exec")
    assert err.startswith("encoder#serving_default -> classifier.keras#default\n")


def test_a_file_is_written_whole_and_again(sigcheck):
    arguments = ("adapt", "encoder", "classifier.keras", "-o", "adapter.py")
    code, out, err = sigcheck(*arguments)
    assert (code, out) == (0, "")
    assert err.endswith("sigcheck: wrote adapter.py\n")
    first = Path("adapter.py").read_bytes()
    assert first.decode() == sigcheck("adapt", "encoder", "classifier.keras", "-q")[1]
    assert sigcheck(*arguments, "--quiet") == (0, "", "")
    assert Path("adapter.py").read_bytes() == first
    assert not list(Path().glob(".*.part"))


@pytest.mark.parametrize(
    "text",
    [
        "import mine\n",
        "# Written by `sigcheck adapt`\n",
        'x = "Written by `sigcheck adapt`"\n',
        "def broken(:\n",
        "\0",
        "",
    ],
)
def test_a_file_of_somebody_else_is_kept(sigcheck, text):
    path = Path("adapter.py")
    path.write_text(text)
    code, out, err = sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py")
    assert (code, out) == (2, "")
    assert "is there already, and sigcheck did not write it. Overwrite it with --force." in err
    assert path.read_text() == text
    assert sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py", "--force")[0] == 0
    assert MARKER in path.read_text()


def test_nothing_is_written_where_a_finding_is_an_error(sigcheck):
    arguments = ("adapt", "tokenizer", "reader.keras", "--no-guard", "-o", "adapter.py")
    code, out, err = sigcheck(*arguments)
    assert (code, out) == (1, "")
    assert err.endswith("sigcheck: no adapter written\n")
    assert not Path("adapter.py").exists()


def test_permissions_are_kept_and_links_not_followed(sigcheck):
    target = Path("kept.py")
    assert sigcheck("adapt", "encoder", "classifier.keras", "-o", target)[0] == 0
    target.chmod(0o640)
    Path("link.py").symlink_to(target)
    assert sigcheck("adapt", "encoder", "classifier.keras", "-o", "link.py")[0] == 2
    assert sigcheck("adapt", "encoder", "classifier.keras", "-o", target)[0] == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_is_as_open_as_the_umask_says(sigcheck):
    before = os.umask(0o027)
    try:
        assert sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py")[0] == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("adapter.py").stat().st_mode) == 0o640


def test_a_folder_that_is_not_there_is_said(sigcheck):
    code, _, err = sigcheck("adapt", "encoder", "classifier.keras", "-o", "nowhere/adapter.py")
    assert code == 2
    assert "nowhere/adapter.py: no folder nowhere to write into, expected one. Make it, or name another." in err


def test_a_write_that_fails_keeps_the_old_file(sigcheck, monkeypatch):
    assert sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py")[0] == 0
    before = Path("adapter.py").read_bytes()

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    code, _, err = sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py")
    assert code == 2
    assert "cannot be written: No space left on device" in err
    assert Path("adapter.py").read_bytes() == before
    assert not list(Path().glob(".*.part"))


def test_json_holds_the_code_too(sigcheck):
    code, out, _ = sigcheck("adapt", "encoder", "classifier.keras", "--format", "json", "-o", "adapter.py")
    assert code == 0
    assert json.loads(out)["adapter"]["source"] == Path("adapter.py").read_text()


def test_force_without_a_file_is_refused(capsys):
    from sigcheck.cli import run

    assert run(["adapt", "a", "b", "--force"]) == 2
    assert capsys.readouterr().err.startswith("sigcheck: --force: changes nothing here, expected it beside -o FILE or")
