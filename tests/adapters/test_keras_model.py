from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from sigcheck.schema.errors import UsageError
from sigcheck.transforms import BY_NAME
from sigcheck.verification.comparison import find_difference

pytestmark = pytest.mark.tensorflow

STEPS = 12
IMAGE = ["batch", "height", "width", "channel"]


@pytest.mark.filterwarnings("ignore:invalid value|divide by zero|overflow:RuntimeWarning")
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_each_step_gives_what_its_reference_gives(name, steps_of, expectations):
    from sigcheck.adapters.keras_model import build_keras
    from sigcheck.verification.tensors import from_tensorflow, to_tensorflow

    compared = 0
    steps = steps_of(name)
    tried = steps[:: 1 + len(steps) // STEPS]
    for at, binding in enumerate([*tried, *steps]):
        # Where Keras has none of those that are tried, it may have another.
        if compared and at >= len(tried):
            break
        try:
            model = build_keras([binding])
        except UsageError:
            continue
        for value, expected, allowed in expectations(binding):
            given = {"a": to_tensorflow(value, binding.provided_spec)}
            compared += 1
            if expected is None:
                with pytest.raises(Exception, match="eshape"):
                    model(given)
                continue
            found = from_tensorflow(model(given)["x"])
            assert find_difference(expected, found, allowed) is None, binding.plan
    assert bool(compared) == getattr(BY_NAME[name], "HAS_KERAS", True)


@pytest.mark.parametrize(
    ("provided", "required", "layers"),
    [
        (
            ("uint8[?, 8, 8, 3]", {"range": [0, 255], "axes": IMAGE}),
            ("float32[?, 3, 8, 8]", {"range": [0, 1], "axes": ["batch", "channel", "height", "width"]}),
            {"Permute", "Rescaling"},
        ),
        (
            ("float32[?, 8, 8, 3]", {"range": [0, 255], "axes": IMAGE}),
            (
                "float32[?, 8, 8, 3]",
                {"normalization": {"mean": [1, 2, 3], "std": [4, 5, 6], "raw_range": [0, 255]}, "axes": IMAGE},
            ),
            {"Normalization"},
        ),
        (("float32[?, 10]", {}), ("float32[?, 1, 10]", {}), {"Reshape"}),
        (("float32[?, 4, 4, 8]", {}), ("float32[?, 128]", {}), {"Reshape"}),
        (("float32[?, ?]", {}), ("float32[?, 16]", {}), {"Reshape"}),
        (("float32[?, 5]", {"meaning": "logits"}), ("float32[?, 5]", {"meaning": "probabilities"}), {"Softmax"}),
        (("float32[?, 9, 9, 3]", {"axes": IMAGE}), ("float32[?, 12, 12, 3]", {"axes": IMAGE}), {"Resizing"}),
    ],
)
def test_layers_that_people_know_are_used_and_a_saved_file_needs_keras_alone(
    report, tmp_path, provided, required, layers
):
    import keras

    adapter = report({"a": provided}, {"x": required}).adapter
    model = adapter.to_keras()
    assert layers <= {type(layer).__name__ for layer in model.layers}
    path = tmp_path / "adapter.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        assert "sigcheck" not in json.dumps(json.loads(archive.read("config.json")))
    loaded = keras.models.load_model(path)
    shape = [2, *(16 if size is None else size for size in model.inputs[0].shape[1:])]
    value = np.arange(np.prod(shape)).reshape(shape).astype(model.inputs[0].dtype)
    np.testing.assert_allclose(loaded({"a": value})["x"], adapter({"a": value})["x"], rtol=2e-5, atol=2e-6)


def test_every_operation_survives_saving(report, tmp_path):
    import keras

    adapter = report(
        {"a": ("float32[?, 6, 3]", {"channel_order": "RGB"}), "b": "float32[?, 10]"},
        {"a": ("float16[?, 6, 3]", {"channel_order": "BGR"}), "b": "float32[?, 4]"},
        policy={"loss": "truncating"},
    ).adapter
    adapter.to_keras().save(tmp_path / "adapter.keras")
    loaded = keras.models.load_model(tmp_path / "adapter.keras")
    given = {"a": np.arange(36, dtype=np.float32).reshape(2, 6, 3), "b": np.ones([2, 10], np.float32)}
    for name, value in adapter(given).items():
        np.testing.assert_array_equal(loaded(given)[name], value)


def test_channels_are_reversed_in_a_form_that_each_keras_reads(report):
    # Keras 3.12, the newest for Python 3.10, fails where the axis stands in a tuple.
    adapter = report(
        {"a": ("float32[?, 6, 3]", {"channel_order": "RGB"})},
        {"a": ("float32[?, 6, 3]", {"channel_order": "BGR"})},
    ).adapter
    layers = adapter.to_keras().get_config()["layers"]
    assert [layer["config"]["axis"] for layer in layers if layer["class_name"] == "Flip"] == [2]


@pytest.mark.parametrize(
    ("required", "expected"),
    [(("int64[?]", {"meaning": "class_ids"}), [0, 1]), (("int32[?, 3]", {"meaning": "mask"}), [[1, 0, 0], [0, 1, 0]])],
)
def test_zeros_of_either_sign_are_as_great(report, required, expected):
    scores = ("float32[?, 3]", {"meaning": "logits"})
    adapter = report({"a": scores}, {"x": required}, policy={"loss": "irreversible"}).adapter
    given = {"a": np.array([[-0.0, 0.0, -1.0], [-1.0, -0.0, 0.0]], np.float32)}
    assert np.asarray(adapter(given)["x"]).tolist() == expected
    assert np.asarray(adapter.to_keras()(given)["x"]).tolist() == expected


def test_classes_are_the_last_axis_as_they_are_elsewhere(report):
    ids, shares = {"meaning": "class_ids", "id_count": 3}, {"meaning": "probabilities"}
    adapter = report({"a": ("int32[?, 2]", ids)}, {"x": ("float32[?, 2, 3]", shares)}, policy={}).adapter
    given = {"a": np.array([[0, 2]], np.int32)}
    assert np.asarray(adapter.to_keras()(given)["x"]).tolist() == [[[1, 0, 0], [0, 0, 1]]]


@pytest.mark.parametrize(
    ("provided", "required", "problem"),
    [
        ("int64[?, 16]", "int32[?, 16]", "x: Keras has no layer that refuses values \\(every value fits in int32\\)"),
        ("float32[?, 16]", "float32[1, 16]", "x: Keras has no layer that refuses values"),
        ("ragged int32[?, None]", ("int32[?, 4]", {"padding": {"value": 0}}), "a: ragged int32"),
        ("float32[*]", "float32[?, 16]", "a: float32\\[\\*\\], expected a dense tensor"),
    ],
)
def test_what_keras_cannot_do_is_refused(report, provided, required, problem):
    with pytest.raises(UsageError, match=problem):
        report({"a": provided}, {"x": required}).adapter.to_keras()
