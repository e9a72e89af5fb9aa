from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sigcheck.process import worker as workers
from sigcheck.process.worker import Worker, WorkerError, WorkerTimeoutError


@pytest.fixture(params=["walls", "no walls"])
def start(request, tmp_path, monkeypatch):
    """Starts a worker that runs this code; it costs an interpreter's start, not TensorFlow's."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    if request.param == "no walls":
        monkeypatch.setattr(workers, "find_builder", lambda: (None, "not wanted"))

    def start(code):
        (tmp_path / "small_worker.py").write_text(code, encoding="utf-8")
        worker = Worker("small_worker", readable=[str(tmp_path)])
        if request.param == "walls" and not worker.walls.standing:
            worker.close()
            pytest.skip(f"no walls on this machine: {worker.walls.reason}")
        return worker

    return start


def soon(seconds=20.0):
    return time.monotonic() + seconds


ECHO = """
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    size = message.pop("bytes")
    print(json.dumps({"echo": message, "bytes": size}) + "\\n" + sys.stdin.read(size), end="", flush=True)
"""


def test_what_is_sent_is_answered_line_by_line(start):
    with start(ECHO) as worker:
        for message in ({"a": 1}, {"text": "line\nbreak, ünïcode"}):
            worker.send(message, b"two\nlines")
            assert worker.receive_with(soon()) == ({"echo": message}, b"two\nlines")


ENDS = {
    "an exit": ("import os; os._exit(3)", "it exited with code 3"),
    "an abort": ("import os; os.abort()", "it was ended by signal SIGABRT"),
    "an exception": ("raise SystemExit('no more')", "it exited with code 1; its last lines: no more"),
    "no such module": ("import missing_module", "No module named 'missing_module'"),
    "nonsense": ("print('nonsense', flush=True); input()", "it wrote something that is no answer"),
    "a number": ("print(1, flush=True); input()", "it wrote something that is no answer"),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_worker_without_an_answer_is_an_error_that_says_how_it_ended(start, name):
    code, words = ENDS[name]
    with start(code) as worker, pytest.raises(WorkerError) as error:
        worker.receive(soon())
    assert words in str(error.value)


def test_a_closed_output_is_told(start):
    with start("import os, time; os.close(1); time.sleep(60)") as worker, pytest.raises(WorkerError) as error:
        worker.receive(soon(2.0))
    # bubblewrap holds the output of what it runs, so that only the time tells.
    assert ("no answer in time" if worker.walls.standing else "it closed its output") in str(error.value)


def test_an_answer_that_announces_more_bytes_than_an_answer_may_have_is_none(start):
    code = "print('{\"bytes\": 100000000000}', flush=True); input()"
    with start(code) as worker, pytest.raises(WorkerError, match="no answer"):
        worker.receive(soon())


def test_a_worker_that_does_not_read_is_given_up_in_time(start):
    before = time.monotonic()
    with start("import time; time.sleep(600)") as worker:
        worker.send({}, b"x" * 2**24)
        with pytest.raises(WorkerTimeoutError):
            worker.receive(soon(1.0))
    assert time.monotonic() - before < 10


def test_a_flood_of_answers_is_not_kept(start):
    before = time.monotonic()
    with start("while True: print('{\"a\": 1}', flush=True)") as worker:
        time.sleep(0.5)
        assert worker._answers.qsize() <= 2
    assert time.monotonic() - before < 10


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
        worker.send({"text": "x" * 2**20})
        with pytest.raises(WorkerError, match="exited with code 4"):
            worker.receive(soon())


@pytest.mark.skipif(os.name != "posix", reason="process groups are those of POSIX")
@pytest.mark.parametrize("is_fleeing", [False, True])
def test_what_the_worker_started_is_ended_with_it(start, tmp_path, is_fleeing):
    # Processes are counted otherwise behind walls: the child is known by what it was called with.
    code = f"""
import json, subprocess, sys, time
code = "import time; time.sleep(600)  # {tmp_path}"
subprocess.Popen([sys.executable, "-S", "-c", code], start_new_session={is_fleeing})
print(json.dumps({{}}), flush=True)
time.sleep(600)
"""
    with start(code) as worker:
        worker.receive(soon())
        child = find_process(str(tmp_path))
        if is_fleeing and not worker.walls.standing:
            # Nothing holds it, and nothing says that something does.
            assert "processes" in worker.walls.missing
            os.kill(child, 9)
    assert is_gone(child)


def find_process(words):
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                called = (folder / "cmdline").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if words in called and "time.sleep(600)" in called and "bwrap" not in called:
                return int(folder.name)
        time.sleep(0.02)
    raise AssertionError(words)


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
    assert seen["TMPDIR"] == seen["HOME"]
    assert set(seen) <= {
        "folder",
        "PWD",
        "LC_CTYPE",
        "SIGCHECK_WORKER_FOLDER",
        *workers._environment("", [], is_left_behind=True),
    }


def test_modules_where_the_parent_runs_are_not_taken_for_the_standard_library(start, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path / "elsewhere")
    with start(ECHO) as worker:
        worker.send({"a": 1})
        assert worker.receive(soon()) == {"echo": {"a": 1}}


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


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("walls", ["walls", "no walls"])
def test_nothing_is_left_of_a_worker_whose_parent_is_ended(tmp_path, number, walls):
    (tmp_path / "small_worker.py").write_text(LEFT_BEHIND, encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    code = f"""
import signal, sys
# Where the tests run in the background this one may be ignored, and stays so unless it is said.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from sigcheck.process import worker as workers
if {walls == "no walls"}:
    workers.find_builder = lambda: (None, "not wanted")
worker = workers.Worker("small_worker", readable=[{str(tmp_path)!r}])
worker.send({{}})
print(worker.receive(1e9), flush=True)
worker.receive(1e9)
"""
    environment = os.environ | {
        "TMPDIR": str(tmp_path / "temporary"),
        "PYTHONPATH": os.pathsep.join([*sys.path, str(tmp_path)]),
    }
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
    assert parent.stdout.readline() == b"{'begun': True}\n"
    parent.send_signal(number)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while time.monotonic() < until and any((tmp_path / "temporary").iterdir()):
        time.sleep(0.05)
    assert list((tmp_path / "temporary").iterdir()) == []


LEFT_BEHIND = """
import tempfile, time
from sigcheck.process.child import Channel
channel = Channel()
for request, _ in channel.requests():
    open(tempfile.mkstemp()[1], "w").close()
    channel.answer({"begun": True})
    time.sleep(600)
"""


def test_an_interpreter_that_does_not_start_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/missing/python")
    monkeypatch.setattr(workers, "_refusals", {})
    with pytest.raises(WorkerError, match="/missing/python"):
        Worker("json")
