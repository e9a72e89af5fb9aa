from __future__ import annotations

import uuid

import pytest

from sigcheck.cli import read_many as module
from sigcheck.cli.read_many import read_many
from sigcheck.schema.errors import SourceError

CHOSEN = {"key": None, "tags": None, "load": False, "infer": False}


@pytest.fixture
def contracts(tmp_path):
    """Sixty signature files, and one in the middle that is broken."""
    paths = []
    for number in range(60):
        path = tmp_path / f"m{number:02}.toml"
        path.write_text(f'outputs.y = "float32[?, {number + 1}]"' if number != 30 else "outputs = 1")
        paths.append(str(path))
    return paths


def told(found):
    return [one if isinstance(one, str) else str(one.signatures[0].outputs[0]) for one in found]


@pytest.mark.parametrize("least", [10, 1000])
def test_models_come_in_the_order_of_their_sources_and_errors_in_their_place(contracts, least, monkeypatch):
    monkeypatch.setattr(module, "LEAST_FOR_PROCESSES", least)
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
    found = told(read_many(contracts, **CHOSEN))
    assert found[30].startswith(f"{contracts[30]}:")
    assert found[:30] + found[31:] == [f"y: float32[?, {number + 1}]" for number in range(60) if number != 30]


def test_what_is_far_away_is_read_side_by_side(monkeypatch):
    import fsspec

    from sigcheck.encodings import remote

    monkeypatch.setattr(remote, "SCHEMES", {**remote.SCHEMES, "memory": "for tests"})
    folder = f"memory://{uuid.uuid4().hex}"
    store = fsspec.filesystem("memory")
    for number in range(20):
        store.pipe_file(f"{folder}/m{number:02}.toml", f'outputs.y = "float32[{number + 1}]"'.encode())
    sources = [f"{folder}/m{number:02}.toml" for number in range(21)]
    found = told(read_many(sources, **CHOSEN))
    assert found == [*(f"y: float32[{number + 1}]" for number in range(20)), found[20]]
    assert "no such file" in found[20]


def test_a_process_that_is_killed_is_one_error(contracts, monkeypatch):
    monkeypatch.setattr(module, "try_read", _die)
    monkeypatch.setattr(module, "LEAST_FOR_PROCESSES", 2)
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
    with pytest.raises(SourceError, match="60 sources: a process that read models was ended from outside"):
        list(read_many(contracts, **CHOSEN))


def _die(*_, **__):
    import os

    os._exit(9)
