from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sigcheck.adapters import build as building
from sigcheck.cli.adapter_form import MARKER

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.usefixtures("typed")
def test_numpy_code_goes_to_stdout_or_a_file(sigcheck):
    arguments = ("adapt", "tokenizer", "reader.keras", "--pad-value", "0", "--as", "numpy", "--quiet")
    code, out, _ = sigcheck(*arguments)
    assert code == 0
    assert MARKER in out
    assert "import numpy as np" in out
    assert "import tensorflow" not in out
    for _ in range(2):
        assert sigcheck(*arguments, "-o", "adapter.py") == (0, "", "")
    assert Path("adapter.py").read_text() == out


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--as", "saved_model"], "--as: saved_model is a folder, expected a place for it. Name it with -o."),
        (["--as", "keras", "-o", "adapter"], "adapter: no name that Keras takes, expected one in .keras"),
        (["--as", "keras", "-o", "sensor.keras"], "sensor.keras: is there already, and sigcheck did not write it"),
        (["--as", "saved_model", "-o", "scorer"], "scorer: is there already, and sigcheck did not write it"),
        (["--as", "numpy", "-o", "scorer"], "scorer: a folder, expected a file"),
        (["--as", "onnx"], "--as: found 'onnx', expected python, numpy, saved_model or keras"),
    ],
)
def test_a_form_without_its_place_is_refused_before_anything_is_read(sigcheck, arguments, problem):
    code, out, err = sigcheck("adapt", "encoder", "classifier.keras", *arguments)
    assert (code, out) == (2, "")
    assert problem in err


def test_a_project_has_its_own_forms(sigcheck):
    code, _, err = sigcheck("adapt", "--all", "--as", "numpy")
    assert code == 2
    assert "--as: does not go with --all" in err


@pytest.mark.usefixtures("walled")
@pytest.mark.tensorflow
def test_tensorflow_and_keras_load_what_was_written(sigcheck):
    import keras
    import tensorflow as tf

    arguments = ("adapt", "encoder", "classifier.keras", "--verify", "typed", "-q")
    for _ in range(2):
        assert sigcheck(*arguments, "--as", "saved_model", "-o", "adapter") == (0, "", "")
    assert sigcheck(*arguments, "--as", "keras", "-o", "adapter.keras") == (0, "", "")
    batch = np.arange(20, dtype=np.float32).reshape(2, 10)
    saved = tf.saved_model.load("adapter").signatures["serving_default"](output_0=tf.constant(batch))
    loaded = keras.models.load_model("adapter.keras")({"output_0": batch})
    np.testing.assert_array_equal(saved["x"], batch[:, None])
    np.testing.assert_array_equal(loaded["x"], batch[:, None])
    assert not list(Path().glob(".*.part"))


@pytest.mark.tensorflow
def test_a_plan_that_keras_cannot_have_leaves_nothing(sigcheck):
    code, _, err = sigcheck(
        "adapt",
        "tokenizer",
        "reader.keras",
        "--pad-value",
        "0",
        "--as",
        "keras",
        "-o",
        "a.keras",
        "--verify",
        "typed",
        "-q",
    )
    assert code == 2
    assert "expected a dense tensor of known dtype" in err
    assert not list(Path().glob("*.part"))
    assert not Path("a.keras").exists()


@pytest.mark.usefixtures("typed")
def test_without_tensorflow_the_models_are_refused(sigcheck, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(building.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Exception, match="is not installed, and has to write this form"):
        building.build([], 1.0)
