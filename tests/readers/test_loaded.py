"""Loading a model in a worker process: what it says, and what becomes of crashes, hangs and exits."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sigcheck.readers import loaded, read
from sigcheck.readers.loaded import read_loaded
from sigcheck.readers.source import Source
from sigcheck.schema.errors import SourceError

pytestmark = pytest.mark.xdist_group("tensorflow")


def worker(tmp_path, monkeypatch, code):
    """Puts a module of this code in the place of the worker, and gives a source to load with it."""
    (tmp_path / "made_worker.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(loaded, "WORKER", "made_worker")
    path = tmp_path / "m.keras"
    path.write_bytes(b"PK")
    return Source.parse(path)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import os, sys; print('first'); print('last', flush=True); os.abort()", r"ended by SIGABRT.*first \| last"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended by SIGSEGV"),
        ("raise SystemExit(3)", "exit code 3 and no result"),
        ("import os; os._exit(0)", "exit code 0 and no result"),
        ("raise RuntimeError('inside')", "RuntimeError: inside"),
        ("print('x' * 10_000_000)", "exit code 0"),
    ],
)
def test_every_way_to_end_is_the_one_error(tmp_path, monkeypatch, code, problem):
    with pytest.raises(SourceError, match=problem) as caught:
        read_loaded(worker(tmp_path, monkeypatch, code), timeout=60)
    assert len(str(caught.value)) < 6_000


def test_a_hang_is_ended_with_all_that_it_started(tmp_path, monkeypatch):
    code = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
open({str(tmp_path / "child")!r}, "w").write(str(child.pid))
time.sleep(100)
"""
    started = time.monotonic()
    with pytest.raises(SourceError, match="longer than 2 s"):
        read_loaded(worker(tmp_path, monkeypatch, code), timeout=2)
    assert time.monotonic() - started < 20
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not is_running(child):
            break
        time.sleep(0.05)
    assert not is_running(child)


def is_running(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    try:
        # A process that has ended stays until its parent, here init, asks for its status.
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_loading_agrees_with_reading(tmp_path):
    import keras

    x = keras.Input((4,), name="x")
    keras.Model(x, keras.layers.Dense(3, name="y")(x)).save(tmp_path / "m.keras")
    static, dynamic = read(tmp_path / "m.keras"), read_loaded(Source.parse(tmp_path / "m.keras"))
    assert dynamic.signatures == static.signatures
    assert dynamic.source == static.source
    assert dynamic.reader == "keras_model"


def test_a_saved_model_is_loaded_too(tmp_path):
    import tensorflow as tf

    class Doubler(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name="x")])
        def double(self, x):
            return {"y": x + x}

    tf.saved_model.save(Doubler(), str(tmp_path / "m"))
    found = read_loaded(Source.parse(tmp_path / "m"))
    assert [str(one) for one in found.signatures[0].outputs] == ["y: float32[?, 2]"]


def test_loading_tells_what_the_file_does_not_and_refuses_code(tmp_path):
    import keras

    x = keras.Input((4, 4), name="x")
    keras.Model(x, keras.ops.flip(x)).save(tmp_path / "ops.keras")
    keras.Model(x, keras.layers.Lambda(lambda t: t, name="l")(x)).save(tmp_path / "code.keras")
    assert read(tmp_path / "ops.keras").signatures[0].outputs[0].spec.dtype is None
    found = read_loaded(Source.parse(tmp_path / "ops.keras"))
    assert str(found.signatures[0].outputs[0].spec) == "float32[?, 4, 4]"
    with pytest.raises(SourceError, match=r"cannot be loaded.*unsafe|cannot be loaded.*safe_mode"):
        read_loaded(Source.parse(tmp_path / "code.keras"))


def test_formats_that_are_not_loaded(tmp_path):
    path = tmp_path / "m.tflite"
    path.write_bytes(b"\0" * 20)
    with pytest.raises(SourceError, match="no SavedModel folder and no Keras file"):
        read_loaded(Source.parse(path))
