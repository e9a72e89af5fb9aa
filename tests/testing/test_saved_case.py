from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Failure
from sigcheck.schema.signature import Endpoint
from sigcheck.testing.saved_case import explain_case
from sigcheck.transforms.parts.array import RaggedArray
from sigcheck.verification.counterexample import write_counterexample


def failure(value, text):
    example = write_counterexample({"a": value}, {"a": parse_spec(text)})
    return Failure(binding="x", case="a: [1]", message="other", counterexample=example)


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_line_that_repeats_it_loads_what_was_saved(temporary):
    one = failure(np.asarray([2.5], np.float32), "float32[?]")
    provided = (Endpoint(name="a", spec=parse_spec("float32[?]")),)
    smallest, saved, again = explain_case(one, "double", provided)
    [path] = temporary.iterdir()
    assert smallest == "    smallest  a = [2.5] (float32[1])"
    assert saved == f"    saved     {path}"
    doubled = eval(again.split(maxsplit=1)[1], {"numpy": np, "double": lambda tensors: tensors["a"] * 2})
    assert doubled.tolist() == [5.0]
    # The same failure again is the same file.
    assert list(explain_case(one, "double", provided))[1] == saved
    assert list(temporary.iterdir()) == [path]


def test_a_function_of_one_tensor_is_given_it_bare():
    one = failure(np.asarray([2.5], np.float32), "float32[?]")
    *_, again = explain_case(one, "double", (Endpoint(name="a", spec=parse_spec("float32[?]")),), is_bare=True)
    assert eval(again.split(maxsplit=1)[1], {"numpy": np, "double": lambda tensor: tensor * 2}).tolist() == [5.0]


def test_a_file_is_run_by_its_path():
    one = failure(np.asarray([2.5], np.float32), "float32[?]")
    provided = (Endpoint(name="a", spec=parse_spec("float32[?]")),)
    *_, again = explain_case(one, "adapters/mine.py", provided)
    assert again.startswith("    again     runpy.run_path('adapters/mine.py')['adapt'](dict(numpy.load(")


def test_ragged_tensors_are_saved_in_parts_which_no_line_puts_together():
    value = RaggedArray(np.asarray([7], np.int32), (np.asarray([0, 1], np.int64),))
    spec = "ragged int32[?, None]"
    lines = list(explain_case(failure(value, spec), "f", (Endpoint(name="a", spec=parse_spec(spec)),)))
    assert [line.split()[0] for line in lines] == ["smallest", "saved"]


def test_a_failure_without_tensors_adds_nothing():
    assert list(explain_case(Failure(binding="x", case="tracing", message="no"), "f", ())) == []


def test_a_full_or_missing_folder_is_said(temporary, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(Path(temporary, "missing")))
    one = failure(np.asarray([2.5], np.float32), "float32[?]")
    *_, last = explain_case(one, "f", (Endpoint(name="a", spec=parse_spec("float32[?]")),))
    assert last.endswith("No such file or directory")


def test_a_link_that_somebody_laid_there_is_not_written_through(temporary):
    one = failure(np.asarray([2.5], np.float32), "float32[?]")
    provided = (Endpoint(name="a", spec=parse_spec("float32[?]")),)
    list(explain_case(one, "double", provided))
    [path] = temporary.iterdir()
    path.unlink()
    theirs = temporary / "theirs"
    theirs.write_text("precious")
    path.symlink_to(theirs)
    _, told, *_ = explain_case(one, "double", provided)
    assert told == f"    not saved  {path}: File exists"
    assert theirs.read_text() == "precious"
