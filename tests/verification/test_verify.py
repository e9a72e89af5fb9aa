from __future__ import annotations

import importlib.util
import re
import sys
import time
from types import SimpleNamespace

import pytest

from sigcheck.process.worker import Worker
from sigcheck.schema.report import Verification
from sigcheck.schema.watcher import Watcher
from sigcheck.verification import verify as verifying
from sigcheck.verification.verify import verify
from sigcheck.verification.worker_runner import ApartRunner

# A worker that does what a job's source says, in an interpreter without TensorFlow: its adapters give back
# what they are given, and answer for themselves.
SCRIPTED = """
import json, os, sys, time

def say(payload=b"", **message):
    sys.stdout.buffer.write(json.dumps({**message, "bytes": len(payload)}).encode() + b"\\n" + payload)
    sys.stdout.flush()

say(ready="scripted")
runs = 0
while line := sys.stdin.buffer.readline():
    request = json.loads(line)
    payload = sys.stdin.buffer.read(request["bytes"])
    if request["do"] == "trace":
        source, runs = request["job"]["source"], 0
        print(os.getpid(), file=sys.stderr, flush=True)
        say(traced={"outputs": {"x": {"spec": {"dtype": "float32", "shape": [None]}}}})
        continue
    runs += 1
    if runs == 3:
        if source == "hang":
            time.sleep(600)
        if source == "abort":
            print("Check failed: rank", file=sys.stderr, flush=True)
            os.abort()
        if source == "exit":
            os._exit(0)
        if source == "nonsense":
            say(given={"x": {"kind": "wishful", "arrays": []}})
        if source == "forged":
            say(result={"level": "executed", "cases": 7, "failures": []})
        if source == "forged tensors":
            say(given={"x": request["tensors"]["a"]}, payload=bytes(len(payload)))
    say(given={"x": request["tensors"]["a"]}, payload=payload)
"""


@pytest.fixture
def scripted(tmp_path, monkeypatch, make_job):
    """Verifies jobs by the scripted worker and counts the processes that were started."""
    (tmp_path / "scripted_worker.py").write_text(SCRIPTED, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    monkeypatch.setattr(verifying, "WORKER", "scripted_worker")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    started = []

    class CountedWorker(Worker):
        def __init__(self, module, *arguments, readable=()):
            started.append(module)
            super().__init__(module, *arguments, readable=[*readable, str(tmp_path)])

    monkeypatch.setattr(verifying, "Worker", CountedWorker)
    job = make_job("float32[?]", "float32[?]")

    def run(*sources, timeout=60.0, job_timeout=30.0, **changes):
        jobs = [job.model_copy(update={"source": source, **changes}) for source in sources]
        return verify(jobs, "executed", timeout, job_timeout=job_timeout), started

    return run


def test_no_job_starts_no_process(scripted):
    assert scripted() == ((), [])


def test_all_jobs_share_one_process(scripted):
    verifications, started = scripted("a", "b", "c")
    assert [verification.failures for verification in verifications] == [(), (), ()]
    assert len(started) == 1


def test_an_adapter_that_sigcheck_did_not_write_has_a_process_of_its_own(scripted):
    verifications, started = scripted("a", "b", "c", is_handwritten=True)
    assert [verification.failures for verification in verifications] == [(), (), ()]
    assert len(started) == 3


@pytest.mark.usefixtures("walled")
def test_each_verification_says_which_walls_stood(scripted):
    from sigcheck.process.walls import find_builder

    [verification] = scripted("a")[0]
    if verification.walls.standing:
        assert (verification.walls.by, verification.walls.missing) == ("bubblewrap", ())
    else:
        assert verification.walls.reason == find_builder()[1] or "bubblewrap" in verification.walls.reason


FORGED = {
    "forged": "the worker process did not survive it: it gave no valid answer: KeyError('given')",
    "forged tensors": "0.0 at [0], expected",
}


@pytest.mark.parametrize("source", FORGED)
def test_an_answer_that_the_adapter_gives_for_itself_is_judged(scripted, source):
    [verification] = scripted(source, is_handwritten=True)[0]
    assert any(FORGED[source] in failure.message for failure in verification.failures)


BROKEN = {
    "abort": "the worker process did not survive it: it was ended by signal SIGABRT; its last lines: Check failed",
    "exit": "the worker process did not survive it: it exited with code 0",
    "nonsense": 'the worker process did not survive it: it gave no valid answer: ValueError("no kind',
    "hang": "not finished within 1 s",
}


@pytest.mark.parametrize("source", BROKEN)
def test_a_job_that_breaks_the_worker_has_failed_and_the_rest_goes_on(scripted, source):
    verifications, started = scripted("a", source, "b", job_timeout=1.0)
    assert [len(verification.failures) for verification in verifications] == [0, 1, 0]
    broken = verifications[1]
    assert (broken.level, broken.cases) == ("traced", 2)
    assert broken.failures[0].case == "a: NaN, infinities and -0.0 [3]"
    # Lines of the job before may still be on their way when the next begins, and stand before its own.
    message = re.sub(r"(its last lines: )(?:\d+ \| )*", r"\1", broken.failures[0].message)
    assert message.startswith(BROKEN[source])
    assert broken.reason.startswith(BROKEN[source])
    assert verifications[2].level == "executed"
    assert len(started) == 2


def test_jobs_that_the_time_does_not_reach_are_typed_and_say_so(scripted):
    before = time.monotonic()
    verifications, _ = scripted("hang", "a", "b", timeout=3.0)
    assert time.monotonic() - before < 15
    assert len(verifications[0].failures) == 1
    for verification in verifications[1:]:
        assert (verification.level, verification.failures) == ("typed", ())
        assert verification.reason.startswith("the time limit of 3 s was used up before this adapter's turn")


def test_a_worker_that_does_not_start_says_so_for_every_job(scripted, tmp_path):
    (tmp_path / "scripted_worker.py").write_text("raise SystemExit('libcuda is broken')", encoding="utf-8")
    verifications, started = scripted("a", "b")
    assert {verification.level for verification in verifications} == {"typed"}
    assert all("did not start" in verification.reason for verification in verifications)
    assert all("libcuda is broken" in verification.reason for verification in verifications)
    assert len(started) == 1


def test_without_tensorflow_the_reason_says_how_to_get_it(monkeypatch, make_job):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    [verification] = verify([make_job("float32[?]", "float32[?]")], "executed", 60.0)
    assert (verification.level, verification.failures) == ("typed", ())
    assert verification.reason == "TensorFlow is not installed: pip install 'sigcheck[tensorflow]'"


@pytest.mark.usefixtures("walled")
@pytest.mark.tensorflow
def test_hostile_adapters_do_not_harm_the_sound_ones(make_job):
    def hostile(*body):
        return make_job("float32[?]", "float32[?]", body=[*body])

    sound = make_job("float32[?, 10]", "float32[?, 1, 10]", [("expand_dims", {"axis": 1})])
    endless = "v = v + tf.while_loop(lambda i: True, lambda i: [i + 1], [tf.constant(0.)])[0]"
    jobs = {
        "sound": sound,
        "100 GB": hostile("v = v + tf.reduce_sum(tf.zeros([100_000, 250_000 + tf.size(v)]))"),
        "100 GB of Python": hostile("bytearray(10**11)"),
        "endless": hostile(endless),
        "crash": hostile("import ctypes; ctypes.string_at(0)"),
        "sound again": sound,
    }
    verifications = dict(zip(jobs, verify(list(jobs.values()), "executed", 300.0, job_timeout=5.0), strict=True))
    assert [name for name, one in verifications.items() if not one.failures] == ["sound", "sound again"]
    assert verifications["sound again"] == verifications["sound"]
    assert verifications["sound"].level == "executed"
    assert "OOM" in verifications["100 GB"].failures[0].message
    assert "MemoryError" in verifications["100 GB of Python"].failures[0].message
    assert verifications["endless"].failures[0].message.startswith("not finished within 5 s")
    assert verifications["endless"].failures[0].case == "a: ordinary values [3]"
    assert "SIGSEGV" in verifications["crash"].failures[0].message


FORGER = """
import gc

for thing in gc.get_objects():
    if type(thing).__name__ == "Channel":
        for _ in range(3):
            thing.answer({
                "result": {"level": "executed", "cases": 7, "failures": []},
                "traced": {"outputs": {"x": {"spec": {"dtype": "float32", "shape": [None]}}}},
            })

def adapt(outputs):
    return {"x": outputs["a"] + 1.0}
"""


@pytest.mark.tensorflow
def test_an_adapter_that_finds_the_pipe_answers_for_nobody(make_job):
    job = make_job("float32[?]", "float32[?]").model_copy(update={"source": FORGER, "is_handwritten": True})
    [verification] = verify([job], "executed", 120.0)
    assert [failure.message for failure in verification.failures] == [
        "the worker process did not survive it: it gave no valid answer: KeyError('given')"
    ]
    assert verification.cases == 0


def test_what_models_give_by_themselves_is_no_word_of_the_adapter():
    class Said:
        def __init__(self, name):
            self.name = name
            self.loaded = []

        def __getattr__(self, asked):
            return lambda *_: (self.name, asked)

        def load(self, models):
            self.loaded.append(models)

    adapter, models = Said("adapter"), Said("models")
    both = ApartRunner(adapter, models)
    both.load("them")
    assert (adapter.loaded, models.loaded) == (["them"], ["them"])
    asked = ("trace", "run", "run_together", "produce", "consume")
    assert [getattr(both, name)()[0] for name in asked] == ["adapter"] * 3 + ["models"] * 2


def test_who_watches_is_told_each_verification(monkeypatch):
    told = []

    class Telling(Watcher):
        def advance(self, count=1):
            told.append(count)

    def one_by_one(jobs, *_):
        for at, _ in enumerate(jobs):
            assert told == [1] * at
            yield Verification(level="typed")

    monkeypatch.setattr(verifying, "_verify_all", one_by_one)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    jobs = [SimpleNamespace(models=None)] * 3
    assert len(verify(jobs, "executed", 10, watcher=Telling())) == len(told) == 3
