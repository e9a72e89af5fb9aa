"""A producer is run on data by those who ask for it, and its outputs are observed."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from pathlib import Path

import numpy as np
import pytest

from sigcheck.cli import run
from sigcheck.encodings import remote
from sigcheck.encodings.remote_content import RemoteContent
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Column
from sigcheck.observation.opened import Digest
from sigcheck.schema.errors import SourceError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.watcher import NOBODY
from sigcheck.stages import run_on_data
from tests.observation.records import record

FIXTURES = Path(__file__).parents[2] / "fixtures"
SENSOR = str(FIXTURES / "range" / "sensor.keras")


def told(capsys, *words):
    code = run(["observe", *words])
    return code, *capsys.readouterr()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    pytest.importorskip("tensorflow")
    monkeypatch.chdir(tmp_path)


def input_of(source):
    import sigcheck

    (one,) = sigcheck.read(source).signatures[0].inputs
    return one


def test_outputs_of_a_model_are_what_the_model_gives(folder, capsys):
    import keras

    one = input_of(SENSOR)
    fed = np.random.default_rng(0).uniform(0, 1, (150, *one.spec.shape[1:])).astype(one.spec.dtype)
    np.savez("a.npz", **{one.name: fed})
    code, out, err = told(capsys, SENSOR, "--data", "a.npz", "--run-models", "--format", "json")
    assert (code, err) == (0, "")
    given = keras.models.load_model(SENSOR)(fed).numpy()
    (tensor,) = json.loads(out)["tensors"]
    assert tensor["rows"] == 150
    assert tensor["numbers"]["least"] == pytest.approx(given.min(), rel=1e-5)
    assert tensor["numbers"]["greatest"] == pytest.approx(given.max(), rel=1e-5)
    assert tensor["numbers"]["mean"] == pytest.approx(given.mean(dtype=np.float64), rel=1e-5)


def test_an_array_without_a_name_is_for_the_one_input(folder, capsys):
    one = input_of(SENSOR)
    np.save("a.npy", np.zeros((3, *one.spec.shape[1:]), np.float32))
    assert told(capsys, SENSOR, "--data", "a.npy", "--run-models")[0] == 0


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"other": np.zeros((2, 3), np.float32)}, "for the input of this name, but other"),
        ({"": np.array(["a", "b"])}, "texts, expected"),
        ({"": np.zeros((2, 3, 1, 1, 1, 7), np.float32)}, "failed on this data"),
        ({"": np.array([[2**24], [2**24 + 1]])}, "numbers that float32 does not hold"),
        ({"": np.array([[2**63 - 1]])}, "numbers that float32 does not hold"),
    ],
)
def test_data_that_the_model_does_not_take_is_one_line(folder, capsys, columns, problem):
    name = input_of(SENSOR).name
    np.savez("a.npz", **{key or name: value for key, value in columns.items()})
    code, out, err = told(capsys, SENSOR, "--data", "a.npz", "--run-models")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert problem in err


def test_whole_numbers_of_a_text_that_float64_has_no_room_for_are_fed_as_they_are(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"x": 2**53 + 1}))
    ids = Endpoint(name="x", spec=parse_spec("int64[?]"))
    ((_, rows, tensors),) = run_on_data._rows(str(tmp_path / "a.jsonl"), [ids], Asked(), NOBODY, Digest())
    assert (rows, tensors["x"].tolist()) == (1, [2**53 + 1])


def test_sparse_rows_are_not_fed_as_lists_of_their_entries():
    column = Column(np.float32([1, 2]), np.array([2]), sizes=((9, 9),))
    for spec in ("ragged float32[?, None]", "float32[?, 2]"):
        with pytest.raises(SourceError, match="sparse rows, expected"):
            run_on_data._tensor(column, Endpoint(name="x", spec=parse_spec(spec)), "a.snapshot")


def test_a_model_that_parses_examples_is_given_records(folder, capsys):
    pytest.importorskip("google_crc32c")
    import tensorflow as tf

    class Parser(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "examples")])
        def serve(self, examples):
            parsed = tf.io.parse_example(examples, {"x": tf.io.FixedLenFeature([2], tf.float32)})
            return {"sums": tf.reduce_sum(parsed["x"], axis=1)}

    module = Parser()
    tf.saved_model.save(module, "parser", signatures=module.serve)
    Path("a.tfrecord").write_bytes(b"".join(record(x=[float(at), 0.5]) for at in range(70)))
    code, out, err = told(capsys, "parser", "--data", "a.tfrecord", "--run-models", "--format", "json")
    assert (code, err) == (0, "")
    (tensor,) = json.loads(out)["tensors"]
    assert (tensor["name"], tensor["rows"]) == ("sums", 70)
    assert (tensor["numbers"]["least"], tensor["numbers"]["greatest"]) == (0.5, 69.5)
    code, out, err = told(capsys, "a.tfrecord", "--features", "parser", "--format", "json")
    assert (code, err) == (0, "")
    assert [(one["name"], one["spec"]["shape"]) for one in json.loads(out)["tensors"]] == [("x", [None, 2])]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([SENSOR, "--data", "a.npz"], "--data: what a model is run on, which is a program. Say --run-models"),
        ([SENSOR, "--run-models"], "--run-models: nothing to run the model on"),
        ([SENSOR, SENSOR, "--data", "a.npz", "--run-models"], "--run-models: 2 sources, expected one model"),
    ],
)
def test_no_model_is_run_by_chance(capsys, words, problem):
    code, out, err = told(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith(f"sigcheck: {problem}")


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_what_is_far_is_read_once(monkeypatch, suffix):
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.setattr(remote, "SCHEMES", {**remote.SCHEMES, "memory": "for tests"})
    values, written = np.random.default_rng(0).normal(size=(200_000, 4)), io.BytesIO()
    np.save(written, values) if suffix == ".npy" else np.savez(written, x=values)
    address, fetched, fetch = f"memory://{uuid.uuid4().hex}/x{suffix}", [], RemoteContent._fetch
    fsspec.filesystem("memory").pipe_file(address, written.getvalue())
    monkeypatch.setattr(
        RemoteContent, "_fetch", lambda self, start, stop: fetched.append(stop - start) or fetch(self, start, stop)
    )
    digest = Digest()
    inputs = [Endpoint(name="x", spec=parse_spec("float64[?, 4]"))]
    rows = sum(count for _, count, _ in run_on_data._rows(address, inputs, Asked("x"), NOBODY, digest))
    assert (rows, digest.end) == (200_000, len(written.getvalue()))
    assert digest.hexdigest() == hashlib.sha256(written.getvalue()).hexdigest()
    assert sum(fetched) < 1.2 * digest.end
