"""The three cases that the project started from, on real models: their adapters, run by a program without sigcheck."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sigcheck.cli import run

FIXTURES = Path(__file__).parents[1] / "fixtures"
pytestmark = pytest.mark.tensorflow

PRESSURES = np.array([[30000, 65504, 70000, 110000] * 4, [101325] * 16], np.float32)
ROWS = [[5, 6, 7], [], list(range(1, 13))]
LONG_ROWS = [[5, 6], list(range(1, 16))]

# Name of the adapter: producer, consumer, options of `sigcheck adapt`.
CASES = {
    "rank": ("rank/encoder", "rank/classifier.keras"),
    "range": ("range/sensor.keras", "range/scorer", "--facts", "range/facts.toml"),
    "normalized": ("range/sensor.keras", "range/scorer", "--facts", "range/facts_normalization.toml"),
    "batch": (
        *("range/sensor.keras", "range/scorer"),
        *("--fact", "consumer.readings.range=0,1", "--allow", "batch_min_max"),
    ),
    "rows": ("rows/tokenizer", "rows/reader.keras", "--facts", "rows/facts.toml"),
    "cut_rows": ("rows/tokenizer", "rows/reader.keras", "--facts", "rows/facts.toml", "--loss", "truncating"),
}

PROGRAM = """
import importlib.util, sys
import keras, numpy as np, tensorflow as tf

def adapter(name):
    spec = importlib.util.spec_from_file_location(name, f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.adapt

given = np.load("given.npz")
rows = tf.ragged.constant(ROWS, tf.int32)
results = {
    "rank_0": adapter("rank")({"output_0": tf.zeros([0, 10])})["x"],
    "rank": adapter("rank")({"output_0": tf.constant(given["features"])})["x"],
    "range": adapter("range")({"pressure": tf.constant(given["pressures"])})["readings"],
    "normalized": adapter("normalized")({"pressure": tf.constant(given["pressures"])})["readings"],
    "batch": adapter("batch")({"pressure": tf.constant(given["pressures"])})["readings"],
    "batch_equal": adapter("batch")({"pressure": tf.fill([2, 16], 7.0)})["readings"],
    "rows": adapter("rows")({"tokens": rows})["tokens"],
    "cut_rows": adapter("cut_rows")({"tokens": tf.ragged.constant(LONG_ROWS, tf.int32)})["tokens"],
}
try:
    adapter("rows")({"tokens": tf.ragged.constant(LONG_ROWS, tf.int32)})
    raise SystemExit("rows that are too long were not refused")
except tf.errors.InvalidArgumentError:
    pass

# The real models, the adapter between them.
folder = sys.argv[1]
encoder = tf.saved_model.load(f"{folder}/rank/encoder").signatures["serving_default"]
classifier = keras.models.load_model(f"{folder}/rank/classifier.keras")
results["classes"] = classifier(adapter("rank")(encoder(measurements=tf.ones([3, 24])))["x"])
assert not any(name.partition(".")[0] == "sigcheck" for name in sys.modules), "the adapter imports sigcheck"
np.savez("results.npz", **{name: np.asarray(value) for name, value in results.items()})
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What the program computes with all adapters, each written by the command line."""
    folder = tmp_path_factory.mktemp("cases")
    for name, (producer, consumer, *options) in CASES.items():
        paths = [str(FIXTURES / one) for one in (producer, consumer)]
        given = [str(FIXTURES / option) if option.endswith(".toml") else option for option in options]
        target = str(folder / f"{name}.py")
        assert run(["adapt", *paths, *given, "--verify", "typed", "--quiet", "-o", target]) == 0
    features = np.arange(70, dtype=np.float32).reshape(7, 10)
    np.savez(folder / "given.npz", features=features, pressures=PRESSURES)
    program = PROGRAM.replace("LONG_ROWS", repr(LONG_ROWS)).replace("ROWS", repr(ROWS))
    done = subprocess.run(
        [sys.executable, "-c", program, str(FIXTURES)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return np.load(folder / "results.npz"), features


def test_a_missing_axis_is_added_for_every_batch_size(results):
    found, features = results
    assert np.array_equal(found["rank"], features[:, None, :])
    assert found["rank_0"].shape == (0, 1, 10)
    assert found["classes"].shape[0] == 3


def test_values_are_scaled_before_they_are_narrowed(results):
    found, _ = results
    wide = (PRESSURES.astype(np.float64) - 30000) / 80000
    assert found["range"].dtype == np.float16
    assert np.allclose(found["range"], wide, rtol=2**-10, atol=0)
    # The other way round, a cast first, every value past 65504 is lost.
    with np.errstate(over="ignore"):
        assert np.isinf(PRESSURES.astype(np.float16)).any()
    assert np.isfinite(found["range"]).all()


def test_declared_mean_and_deviation_are_used(results):
    found, _ = results
    assert np.allclose(found["normalized"], (PRESSURES.astype(np.float64) - 101325) / 9000, rtol=2**-9, atol=1e-3)


def test_statistics_of_the_batch_are_safe_where_all_values_are_equal(results):
    found, _ = results
    low, high = PRESSURES.min(), PRESSURES.max()
    assert np.allclose(found["batch"], (PRESSURES - low) / (high - low), atol=1e-3)
    assert np.array_equal(found["batch_equal"], np.zeros((2, 16)))


def test_rows_are_padded_refused_or_cut(results):
    found, _ = results
    padded = np.zeros((3, 12), np.int32)
    for at, row in enumerate(ROWS):
        padded[at, : len(row)] = row
    assert np.array_equal(found["rows"], padded)
    assert found["cut_rows"].tolist() == [[5, 6] + [0] * 10, list(range(1, 13))]
