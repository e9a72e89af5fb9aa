"""Loading a model in a worker process: what it says, and what becomes of crashes, hangs and exits."""

from __future__ import annotations

import time

import pytest

from sigcheck.encodings.source import Source
from sigcheck.readers import read
from sigcheck.readers.loaded.read import read_loaded
from sigcheck.schema.errors import SourceError

pytestmark = pytest.mark.tensorflow


def worker(tmp_path, monkeypatch, code):
    """Puts a module of this code in the place of the worker, and gives a source to load with it."""
    (tmp_path / "made_worker.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("sigcheck.readers.loaded.read.WORKER", "made_worker")
    monkeypatch.setattr("sigcheck.readers.loaded.read.files_of", lambda path: [str(tmp_path)])
    path = tmp_path / "m.keras"
    path.write_bytes(b"PK")
    return Source.parse(path)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (
            "import os, sys; print('last', file=sys.stderr, flush=True); os.abort()",
            r"ended by signal SIGABRT; its last lines: last",
        ),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended by signal SIGSEGV"),
        ("raise SystemExit(3)", "no result: it exited with code 3"),
        ("import os; os._exit(0)", "no result: it exited with code 0"),
        ("raise RuntimeError('inside')", "RuntimeError: inside"),
        ("print('x' * 10_000_000)", "it wrote something that is no answer"),
        ("print('{}', flush=True); input()", "no valid result"),
    ],
)
def test_every_way_to_end_is_the_one_error(tmp_path, monkeypatch, code, problem):
    with pytest.raises(SourceError, match=problem) as caught:
        read_loaded(worker(tmp_path, monkeypatch, code), timeout=60)
    assert len(str(caught.value)) < 6_000


def test_a_hang_is_ended(tmp_path, monkeypatch):
    started = time.monotonic()
    with pytest.raises(SourceError, match="longer than 2 s"):
        read_loaded(worker(tmp_path, monkeypatch, "import time; time.sleep(100)"), timeout=2)
    assert time.monotonic() - started < 20


def test_loading_agrees_with_reading(tmp_path):
    import keras

    x = keras.Input((4,), name="x")
    keras.Model(x, keras.layers.Dense(3, name="y")(x)).save(tmp_path / "m.keras")
    static, dynamic = read(tmp_path / "m.keras"), read_loaded(Source.parse(tmp_path / "m.keras"))
    assert dynamic.signatures == static.signatures
    assert dynamic.source == static.source
    assert dynamic.reader == "keras_model"
    assert dynamic.notes[-1].message.startswith("loaded by TensorFlow; walls around it: ")


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
