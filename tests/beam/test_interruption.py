"""A program whose pipeline goes on when it is interrupted ends all the same, with the processes that it began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, and the list of processes, of Linux")

PROGRAM = """
import signal, subprocess, sys, time
from sigcheck.beam import interruption
from sigcheck.beam.interruption import ended_when_interrupted

# What a shell begins in the background ignores it.
signal.signal(signal.SIGINT, signal.default_int_handler)
interruption._PATIENCE = float(sys.argv[2])
with ended_when_interrupted(sys.argv[1]):
    worker = subprocess.Popen([sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(60)"])
    try:
        time.sleep(60)
    finally:
        # As Beam, which waits for its workers.
        time.sleep(float(sys.argv[3]))
        worker.kill()
"""


def interrupted(folder, patience, wait):
    began = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(patience), str(wait)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert began.stdout.readline() == "begun\n"
    os.kill(began.pid, signal.SIGINT)
    start = time.monotonic()
    # Of the worker, too, which writes to the same place: it is closed when both have ended.
    _, err = began.communicate(timeout=50)
    return began.returncode, err, time.monotonic() - start


def test_workers_that_go_on_are_ended(tmp_path):
    folder = tmp_path / "sigcheck-beam"
    folder.mkdir()
    (folder / "part").write_text("x")
    code, err, seconds = interrupted(folder, 0.2, 60)
    assert (code, err) == (130, "sigcheck: interrupted\n")
    assert seconds < 30
    assert not folder.exists()


def test_what_ends_in_time_ends_as_ever(tmp_path):
    code, err, _ = interrupted(tmp_path, 40, 0)
    assert code == -signal.SIGINT
    assert err.endswith("KeyboardInterrupt\n")
    assert tmp_path.exists()
