"""A file that several models of a config name is read once, and all files of a call take from one budget."""

from __future__ import annotations

import pytest

from sigcheck.encodings.permission import NO_PERMISSION
from sigcheck.project import read_once
from sigcheck.project.read_models import read_models
from sigcheck.schema.budget import CallLimitError, bounded, bounded_call, keep_endpoints, spend

TWO = '[[signatures]]\nkey = "a"\noutputs.y = "int32[]"\n[[signatures]]\nkey = "b"\noutputs.z = "int32[]"\n'
LINK = '\n[[links]]\nfrom = "a"\nto = "a"\n'


@pytest.fixture
def readings(project, monkeypatch):
    """Reads the models of a config with these lines; gives them, and how often a file was read."""
    read = read_once.read

    def read_all(lines, **files):
        count = []
        monkeypatch.setattr(read_once, "read", lambda source: count.append(source.place) or read(source))
        return read_models(project(lines, **files), None), count

    return read_all


def test_a_file_is_read_once_however_it_is_named(readings):
    lines = "".join(f'[models.m{at}]\nsource = "encoder.toml#{key}"\n' for at, key in enumerate("abab"))
    found, read = readings(lines, encoder=TWO)
    assert [one.linted.signature.key for one in found.values()] == ["a", "b", "a", "b"]
    assert len(read) == 1


def test_a_file_that_cannot_be_read_is_tried_once(readings):
    lines = "".join(f'[models.m{at}]\nsource = "encoder.toml"\n' for at in range(3))
    found, read = readings(lines, encoder="x = 1")
    assert len({one.linted.problem for one in found.values()}) == 1
    assert found["m0"].linted.problem
    assert len(read) == 1


def test_files_take_from_the_budget_of_the_call():
    with bounded_call(100):
        with bounded("a"):
            spend(90)
        with bounded("b"):
            spend(90)
        with pytest.raises(CallLimitError, match="c: is not looked at: the files before it took all"), bounded("c"):
            pass
    with bounded("d"):
        spend(90)


def test_a_call_within_a_call_takes_from_the_same_budget():
    with bounded_call(100), bounded_call():
        with bounded("a"):
            spend(101)
        with pytest.raises(CallLimitError), bounded("b"):
            pass


def test_what_is_kept_is_taken_off_too():
    with bounded_call(100):
        keep_endpoints(1)
        with pytest.raises(CallLimitError), bounded("a"):
            pass
    keep_endpoints(10**9)


def test_a_model_beyond_the_budget_is_one_that_could_not_be_read(project, monkeypatch):
    monkeypatch.setattr("sigcheck.schema.budget._STEPS_OF_KEPT", 10**9)
    config = project('[models.a]\nsource = "encoder.toml"\n[models.b]\nsource = "classifier.toml"\n')
    found = read_models(config, None, NO_PERMISSION)
    assert found["a"].linted.problem is None
    assert "is not looked at" in found["b"].linted.problem
