"""Observing on Apache Beam gives what observing here does, byte for byte, whatever the runner and its workers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sigcheck.beam.engine import run_pipeline
from sigcheck.cli import run
from sigcheck.schema.errors import SourceError
from tests.beam.runners import RUNNERS


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Files of several kinds; one is cut short, and one has a tensor in another form."""
    random = np.random.default_rng(0)
    monkeypatch.chdir(tmp_path)
    for at in range(4):
        np.savez(f"{at}.npz", x=random.normal(size=(50, 7)).astype(np.float32), ids=random.integers(0, 9**9, 40))
        rows = [{"words": [str(one) for one in random.integers(0, 300, at + 2)], "t": [1.5] * at} for _ in range(30)]
        Path(f"{at}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    np.savez("4.npz", x=np.ones((3, 7)))
    np.save("a.npy", random.normal(size=(100, 3)))
    Path("a.npy").write_bytes(Path("a.npy").read_bytes()[:-100])
    return ["*.npz", "*.jsonl", "a.npy"]


def told(capsys, *words):
    code = run(["observe", *words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("runner", RUNNERS)
def test_the_bytes_are_those_of_the_local_run(data, capsys, runner):
    here = told(capsys, *data, "--format", "json")
    assert here[0] == 2
    assert "4.npz: x: float64 of rank 2, and float32 of rank 2 in 0.npz" in here[2]
    assert "a.npy: ends within row" in here[2]
    assert told(capsys, *data, "--format", "json", "--engine", "beam", "--", *RUNNERS[runner]) == here


def test_an_option_that_no_pipeline_has_is_one_line(data, capsys):
    code, _, err = told(capsys, *data, "--engine", "beam", "--", "--runer=DirectRunner")
    assert (code, "no option '--runer' of a pipeline" in err) == (2, True)


def test_a_pipeline_that_fails_is_one_line(data, capsys):
    words = ["--engine", "beam", "--", "--runner=PortableRunner", "--job_endpoint=localhost:1"]
    code, _, err = told(capsys, *data, *words, "--job_server_timeout=1")
    assert code == 2
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("level", [None, "INFO"])
def test_workers_tell_of_their_steps_only_where_somebody_asks(data, capfd, level):
    asked = [] if level is None else [f"--default_sdk_harness_log_level={level}"]
    assert run(["observe", "0.npz", "--engine", "beam", "--", *RUNNERS["two processes"], *asked]) == 0
    assert ("INFO:apache_beam" in capfd.readouterr().err) == (level is not None)


def _interrupt(element):
    raise KeyboardInterrupt


def test_an_interrupted_step_is_an_interruption():
    import apache_beam as beam

    with pytest.raises(KeyboardInterrupt):
        run_pipeline([], lambda pipeline: {"made": pipeline | beam.Create([1]) | beam.Map(_interrupt)})


def _fail_again(element):
    error = ValueError("no number")
    raise error from error


def test_an_error_that_is_its_own_cause_is_one_line():
    import apache_beam as beam

    with pytest.raises(SourceError, match="the pipeline failed: "):
        run_pipeline([], lambda pipeline: {"made": pipeline | beam.Create([1]) | beam.Map(_fail_again)})
