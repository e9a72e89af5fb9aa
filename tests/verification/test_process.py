from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from sigcheck.verification.process import Worker, WorkerError, WorkerTimeoutError


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Starts a worker that runs this code; it costs an interpreter's start, not TensorFlow's."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])

    def start(code):
        (tmp_path / "small_worker.py").write_text(code, encoding="utf-8")
        return Worker("small_worker")

    return start


def soon(seconds=20.0):
    return time.monotonic() + seconds


ECHO = """
import json, sys
for line in sys.stdin:
    print(json.dumps({"echo": json.loads(line)}), flush=True)
"""


def test_what_is_sent_is_answered_line_by_line(start):
    with start(ECHO) as worker:
        for message in ({"a": 1}, {"text": "line\nbreak, ünïcode"}):
            worker.send(message)
            assert worker.receive(soon()) == {"echo": message}


ENDS = {
    "an exit": ("import os; os._exit(3)", "it exited with code 3"),
    "an abort": ("import os; os.abort()", "it was ended by signal SIGABRT"),
    "an exception": ("raise SystemExit('no more')", "it exited with code 1; its last lines: no more"),
    "no such module": ("import missing_module", "No module named 'missing_module'"),
    "a closed output": ("import os, time; os.close(1); time.sleep(60)", "it closed its output"),
    "nonsense": ("print('nonsense', flush=True); input()", "it wrote something that is no answer"),
    "a number": ("print(1, flush=True); input()", "it wrote something that is no answer"),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_worker_without_an_answer_is_an_error_that_says_how_it_ended(start, name):
    code, words = ENDS[name]
    with start(code) as worker, pytest.raises(WorkerError) as error:
        worker.receive(soon())
    assert words in str(error.value)


def test_a_hanging_worker_is_given_up_in_time_and_ended(start):
    code = "import os, sys, time; print('waiting', file=sys.stderr, flush=True); time.sleep(600)"
    before = time.monotonic()
    with start(code) as worker, pytest.raises(WorkerTimeoutError, match="waiting"):
        worker.receive(soon(1.0))
    assert time.monotonic() - before < 10


def test_sending_to_an_ended_worker_is_an_error(start):
    with start("import os; os._exit(4)") as worker:
        with pytest.raises(WorkerError):
            worker.receive(soon())
        with pytest.raises(WorkerError, match="exited with code 4"):
            worker.send({"text": "x" * 2**20})


@pytest.mark.skipif(os.name != "posix", reason="process groups are those of POSIX")
def test_what_the_worker_started_is_ended_with_it(start):
    code = """
import json, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(json.dumps({"child": child.pid}), flush=True)
time.sleep(600)
"""
    with start(code) as worker:
        child = worker.receive(soon())["child"]
        os.kill(child, 0)
    assert is_gone(child)


def is_gone(process):
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        # An orphan is a zombie until whoever adopted it has waited for it.
        if " Z " in read_status(process):
            return True
        time.sleep(0.05)
    return False


def read_status(process):
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def test_the_environment_is_the_workers_own(start, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "of the parent")
    monkeypatch.setenv("TF_XLA_FLAGS", "--anything")
    code = "import json, os; print(json.dumps({'folder': os.listdir(), **os.environ}), flush=True)"
    with start(code) as worker:
        seen = worker.receive(soon())
    assert seen["folder"] == []
    assert not {"SECRET_TOKEN", "TF_XLA_FLAGS"} & set(seen)
    assert seen["CUDA_VISIBLE_DEVICES"] == "-1"
    # Settings and tokens lie in the home folder: the worker's is the empty one that it runs in.
    assert Path(seen["HOME"]).name.startswith("sigcheck-")


def test_modules_where_the_parent_runs_are_not_taken_for_the_standard_library(start, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path / "elsewhere")
    with start(ECHO) as worker:
        worker.send(1)
        assert worker.receive(soon()) == {"echo": 1}


def test_a_log_without_end_is_not_kept(start):
    code = "import sys, os\nfor i in range(2000): sys.stderr.write(f'{i} ' + 'x' * 5000 + chr(10))\nos._exit(1)"
    with start(code) as worker, pytest.raises(WorkerError) as error:
        worker.receive(soon())
    assert "1999 xxx" in str(error.value)
    assert len(str(error.value)) < 2000


def test_the_folder_of_the_worker_is_gone_afterwards(start):
    code = "import json, os; open('left', 'w').close(); print(json.dumps({'folder': os.getcwd()}), flush=True)"
    with start(code) as worker:
        folder = worker.receive(soon())["folder"]
    assert not Path(folder).exists()


def test_an_interpreter_that_does_not_start_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/missing/python")
    with pytest.raises(WorkerError, match="/missing/python"):
        Worker("json")
