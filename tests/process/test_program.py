from __future__ import annotations

import os
from pathlib import Path

import pytest

from sigcheck.process.program import find_program
from sigcheck.process.walls import find_builder


def put(folder, name="bwrap"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)
    return str(folder / name)


@pytest.mark.parametrize("inside", [".", "bin", "sub/bin", ""])
@pytest.mark.parametrize("is_whole", [True, False])
def test_a_program_of_the_checkout_neither_runs_nor_hides_another(tmp_path, monkeypatch, inside, is_whole):
    checkout, meant = tmp_path / "checkout", put(tmp_path / "system")
    put(checkout / inside)
    (checkout / ".git").mkdir()
    (checkout / "sub").mkdir(exist_ok=True)
    monkeypatch.chdir(checkout)
    entry = str(checkout / inside) if is_whole else inside
    monkeypatch.setenv("PATH", os.pathsep.join([entry, str(tmp_path / "system")]))
    assert find_program("bwrap", Path()) == find_program("bwrap", Path("sub")) == meant
    if find_builder()[1] != "there is no bubblewrap for this system":
        assert find_builder() == (meant, None)


def test_without_a_checkout_only_the_folder_itself_is_left_out(tmp_path, monkeypatch):
    meant = put(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_program("bwrap", tmp_path) == meant
    assert find_program("bwrap", tmp_path / "bin") is None
    monkeypatch.setenv("PATH", "")
    assert find_program("bwrap", tmp_path) is None
