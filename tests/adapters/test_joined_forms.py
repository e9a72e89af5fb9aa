"""Every form of an adapter that joins and parts gives the values that NumPy gives by hand."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from sigcheck import api
from sigcheck.schema.errors import UsageError
from tests.junctions.kinds import AGREEING, IN_KERAS, IN_NUMPY, KINDS, check_values, together

pytestmark = pytest.mark.tensorflow

# A batch of one and an empty one too.
COUNTS = (3, 1, 0)


def adapter_of(kind):
    report = api.check(*kind.sides(), bind=kind.bind, verify="typed")
    assert report.exit_code == 0, str(report)
    assert {one.required: one.provided for one in report.bindings} == kind.fed
    return report.adapter


@pytest.fixture(scope="module")
def every():
    return adapter_of(together())


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_alone_gives_its_values_in_python(name):
    kind = KINDS[name]
    adapter = adapter_of(kind)
    assert (set(adapter.provided), set(adapter.required)) == (set(kind.outputs), set(kind.inputs))
    for count in COUNTS:
        check_values(adapter(kind.given(count)), kind.given(count))


def test_the_emitted_file_is_plain_tensorflow_and_runs_by_itself(every, tmp_path):
    import importlib.util

    path = tmp_path / "adapter.py"
    path.write_text(every.source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("joined_adapter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    given = together().given()
    import tensorflow as tf

    check_values(module.adapt({name: tf.constant(value) for name, value in given.items()}), given)


def test_the_module_is_saved_and_called_by_the_names_of_the_outputs(every, tmp_path):
    import tensorflow as tf

    module = every.to_module()
    tf.saved_model.save(module, str(tmp_path / "adapter"), signatures=module.serve)
    loaded = tf.saved_model.load(str(tmp_path / "adapter"))
    for count in COUNTS:
        given = together().given(count)
        tensors = {name: tf.constant(value) for name, value in given.items()}
        check_values(module(tensors), given)
        found = dict(loaded.signatures["serving_default"](**tensors))
        check_values(found, given)
    shown = {str(one) for one in api.read(tmp_path / "adapter#serving_default").signatures[0].outputs}
    assert {"c: float32[?, 8]", "p2: float64[?, 5]"} <= shown


def test_it_is_the_map_of_a_dataset():
    import tensorflow as tf

    # What says where other values stand is of a whole batch: slices of it are none.
    sliced = [name for name, one in KINDS.items() if AGREEING.keys().isdisjoint(one.outputs)]
    kind, batch = together(*sliced), 4
    rows = kind.given(9)
    dataset = tf.data.Dataset.from_tensor_slices(rows).batch(batch).map(adapter_of(kind))
    start = 0
    for found in dataset:
        part = {name: value[start : start + batch] for name, value in rows.items()}
        check_values(found, part)
        start += batch
    assert start >= len(rows["p"])


def test_keras_joins_and_parts_in_a_file_that_needs_keras_alone(tmp_path):
    import keras

    kind = together(*IN_KERAS)
    model = adapter_of(kind).to_keras()
    path = tmp_path / "adapter.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        assert "sigcheck" not in json.dumps(json.loads(archive.read("config.json")))
    loaded = keras.models.load_model(path)
    for count in COUNTS[:2]:
        check_values(loaded(kind.given(count)), kind.given(count))


def test_numpy_gives_the_same_without_tensorflow():
    kind = together(*IN_NUMPY)
    numpy = adapter_of(kind).to_numpy()
    assert "tensorflow" not in numpy.source.partition('"""\n\n')[2]
    for count in COUNTS:
        check_values(numpy(kind.given(count)), kind.given(count))
    # Lists, as a JSON client has them.
    check_values(numpy({name: value.tolist() for name, value in kind.given().items()}), kind.given())


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (
            "to_numpy",
            r"r: NumPy has no ragged arrays, which ragged_by_lengths\(form=padded\) makes.* such as --as python\.",
        ),
        ("to_keras", r"r: Keras .*ragged_by_lengths\(form=padded\).* Take another form, such as --as saved_model\."),
    ],
)
def test_rows_have_no_form_in_numpy_and_keras(form, problem):
    adapter = adapter_of(KINDS["ragged_by_lengths"])
    with pytest.raises(UsageError, match=f"^{problem}$") as raised:
        getattr(adapter, form)()
    assert "\n" not in str(raised.value)


def test_sizes_that_do_not_agree_are_refused_by_every_form(tmp_path):
    import keras
    import tensorflow as tf

    sides = api.check(
        {"a": "float32[?, ?, 3]", "b": "float32[?, ?, 5]"},
        {"x": "float32[?, ?, 8]"},
        bind={"a": "x", "b": "x"},
        verify="typed",
    )
    assert sides.verdict == "guarded"
    given = {"a": np.ones((2, 4, 3), np.float32), "b": np.ones((2, 5, 5), np.float32)}
    adapter = sides.adapter
    with pytest.raises(tf.errors.InvalidArgumentError):
        adapter(given)
    with pytest.raises(tf.errors.InvalidArgumentError):
        adapter.to_module()({name: tf.constant(value) for name, value in given.items()})
    with pytest.raises(ValueError, match="match exactly"):
        adapter.to_numpy()(given)
    adapter.to_keras().save(tmp_path / "adapter.keras")
    with pytest.raises(tf.errors.InvalidArgumentError):
        keras.models.load_model(tmp_path / "adapter.keras")(given)
    assert adapter.to_keras()({**given, "b": given["b"][:, :4]})["x"].shape == (2, 4, 8)
