from __future__ import annotations

import logging

import numpy as np
import pytest

from sigcheck.schema.errors import UsageError
from sigcheck.schema.policy import Policy

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def adapter(report):
    return report({"output_0": "float32[?, 10]"}, {"x": "float32[?, 1, 10]"}).adapter


def test_one_tensor_goes_bare_and_a_dict_stays_one(adapter):
    import tensorflow as tf

    batch = tf.random.stateless_uniform([4, 10], [1, 2])
    assert adapter(batch).shape == [4, 1, 10]
    adapted = adapter({"output_0": batch, "other": batch})
    assert list(adapted) == ["x"]
    np.testing.assert_array_equal(adapted["x"][:, 0], batch)


def test_an_array_is_taken_for_a_tensor(adapter):
    assert adapter(np.ones([2, 10], np.float32)).shape == [2, 1, 10]


def test_it_is_the_map_of_a_dataset(adapter, caplog):
    import tensorflow as tf

    rows = np.arange(70, dtype=np.float32).reshape(7, 10)
    with caplog.at_level(logging.WARNING):
        mapped = tf.data.Dataset.from_tensor_slices(rows).batch(3).map(adapter)
        named = tf.data.Dataset.from_tensor_slices({"output_0": rows}).batch(3).map(adapter, tf.data.AUTOTUNE)
    assert mapped.element_spec == tf.TensorSpec([None, 1, 10], tf.float32)
    np.testing.assert_array_equal(np.concatenate([*mapped.as_numpy_iterator()])[:, 0], rows)
    assert [batch["x"].shape[0] for batch in named] == [3, 3, 1]
    # AutoGraph would say that it cannot see the source of the emitted function.
    assert "AutoGraph" not in caplog.text


def test_ragged_rows_are_mapped_too(report):
    import tensorflow as tf

    adapter = report(
        {"tokens": "ragged int32[?, None]"}, {"tokens": ("int32[?, 3]", {"padding": {"value": 0}})}
    ).adapter
    rows = tf.ragged.constant([[1, 2], [], [3]], tf.int32)
    dataset = tf.data.Dataset.from_tensor_slices(rows).batch(3).map(adapter)
    assert next(iter(dataset)).numpy().tolist() == [[1, 2, 0], [0, 0, 0], [3, 0, 0]]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (np.ones([4, 12], np.float32), r"float32\[4, 12\]"),
        (np.ones([4, 10], np.float64), r"float64\[4, 10\]"),
        (np.ones([10], np.float32), r"float32\[10\]"),
    ],
)
def test_a_producer_that_gives_something_else_than_it_says_is_refused(adapter, value, found):
    with pytest.raises(UsageError, match=rf"output_0: {found}.*expected float32\[\?, 10\] as its signature says"):
        adapter({"output_0": value})


@pytest.mark.parametrize("value", [None, object(), [[1.0], [1.0, 2.0]]])
def test_what_is_no_tensor_is_refused(adapter, value):
    expected = rf"output_0: a {type(value).__name__} of which .* expected float32\[\?, 10\]"
    with pytest.raises(UsageError, match=expected):
        adapter(value)


def test_what_is_missing_is_named(adapter, report):
    with pytest.raises(UsageError, match="no output 'output_0' in \\['y'\\]"):
        adapter({"y": np.ones([2, 10], np.float32)})
    two = report({"a": "float32[?]", "b": "int32[?]"}, {"a": "float64[?]", "b": "int64[?]"}).adapter
    with pytest.raises(UsageError, match="one value, expected a dict with a, b"):
        two(np.ones([2], np.float32))


def test_the_numpy_form_gives_the_same_values(report):
    found = report(
        {"pixels": ("uint8[?, 4, 4, 3]", {"range": [0, 255]})},
        {"x": ("float32[?, 4, 4, 3]", {"normalization": {"mean": [0.5], "std": [0.25], "raw_range": [0, 1]}})},
    )
    pixels = np.arange(96, dtype=np.uint8).reshape(2, 4, 4, 3)
    expected = found.adapter({"pixels": pixels})["x"].numpy()
    np.testing.assert_allclose(found.adapter.to_numpy()({"pixels": pixels})["x"], expected, rtol=1e-6)


def test_the_numpy_form_takes_what_the_other_takes(adapter, report):
    bare = adapter.to_numpy()(np.ones([2, 10], np.float32))
    np.testing.assert_array_equal(bare, adapter(np.ones([2, 10], np.float32)).numpy())
    with pytest.raises(UsageError, match="no output 'output_0' in \\['y'\\]"):
        adapter.to_numpy()({"y": np.ones([2, 10], np.float32)})
    two = report({"a": "float32[?]", "b": "int32[?]"}, {"a": "float64[?]", "b": "int64[?]"}).adapter
    with pytest.raises(UsageError, match="one value, expected a dict with a, b"):
        two.to_numpy()(np.ones([2], np.float32))


@pytest.mark.tensorflow
@pytest.mark.parametrize("wanted", ["float32[?, 1, 4]", "float32[?, 2, 2]", "float32[?, 4, 1]"])
def test_it_is_traced_by_tensorflow(wanted):
    """Steps with dicts among their arguments had no hash, and `tf.function` asks for one."""
    import tensorflow as tf

    import sigcheck

    report = sigcheck.check({"y": "float32[?, 4]"}, {"x": wanted}, verify="typed", policy=Policy(assume="warn"))
    made = tf.function(report.adapter)({"y": tf.zeros([3, 4])})["x"]
    assert (made.shape[0], hash(report.adapter) == hash(report.adapter)) == (3, True)


@pytest.mark.tensorflow
@pytest.mark.parametrize("features", ["bare", "nested"])
def test_a_dataset_with_labels_keeps_them(features):
    import numpy as np
    import tensorflow as tf

    import sigcheck

    values = np.ones((6, 4))
    element = values if features == "bare" else {"sensors": {"voltages": values}}
    dataset = tf.data.Dataset.from_tensor_slices((element, np.arange(6))).batch(2)
    report = sigcheck.check(dataset, {"x": "float32[?, 4]"}, verify="typed")
    adapted, labels = next(iter(dataset.map(report.adapter)))
    adapted = adapted if features == "bare" else adapted["x"]
    assert (adapted.dtype.name, adapted.shape.as_list()) == ("float32", [2, 4])
    assert labels.numpy().tolist() == [0, 1]


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"b": {"x": [2.0]}, "a": {"x": [1.0]}}, {"x": 1, "x_1": 2}),
        ({"x": [1.0], "b": {"x": [2.0]}}, {"x": 2, "x_1": 1}),
        ({"x": {"x": [1.0]}}, {"x": 1}),
    ],
)
def test_outputs_of_one_key_in_several_dicts_are_those_that_were_checked(element, expected, caplog):
    import tensorflow as tf

    import sigcheck

    dataset = tf.data.Dataset.from_tensor_slices(element).batch(1)
    for name, value in expected.items():
        report = sigcheck.check(
            dataset, {"taken": "int32[?]"}, bind={name: "taken"}, verify="typed", policy=Policy(loss="truncating")
        )
        assert next(iter(dataset.map(report.adapter)))["taken"].numpy().tolist() == [value]
        assert report.adapter.to_numpy()(next(iter(dataset.as_numpy_iterator())))["taken"].tolist() == [value]
    assert "AutoGraph" not in caplog.text


def test_a_dataset_is_mapped_and_its_labels_pass_by(report):
    import tensorflow as tf

    adapter = report({"a": "float64[?, 4]", "b": "float32[?, 3]"}, {"a": "float32[?, 4]", "b": "float32[?, 3]"}).adapter
    inputs = {"all": {"a": np.ones([10, 4]), "b": np.zeros([10, 3], np.float32)}}
    weights, labels = np.arange(10.0), np.arange(10)
    mapped = adapter.map(tf.data.Dataset.from_tensor_slices((inputs, labels, weights)).batch(4))
    first, label, weight = next(iter(mapped))
    assert {name: (one.dtype.name, one.shape) for name, one in first.items()} == {
        "a": ("float32", [4, 4]),
        "b": ("float32", [4, 3]),
    }
    assert (label.numpy().tolist(), weight.numpy().tolist()) == ([0, 1, 2, 3], [0.0, 1.0, 2.0, 3.0])


def test_a_dataset_without_a_batch_is_told_to_be_batched(adapter):
    import tensorflow as tf

    with pytest.raises(UsageError) as caught:
        adapter.map(tf.data.Dataset.from_tensor_slices((np.ones([5, 10], np.float32), np.ones(5))))
    assert str(caught.value) == (
        "output_0: float32(10,), expected batches of it: float32[?, 10]. Batch the dataset: dataset.batch(32)."
    )


def test_labels_without_a_batch_stand_beside_no_batch_of_one(report):
    import tensorflow as tf

    adapter = report({"output_0": "float64[4]"}, {"x": "float32[?, 4]"}).adapter
    examples = tf.data.Dataset.from_tensor_slices(np.ones([5, 4]))
    assert adapter.map(examples).element_spec.shape == [1, 4]
    with pytest.raises(UsageError, match="single examples with labels"):
        adapter.map(tf.data.Dataset.zip(examples, tf.data.Dataset.range(5)))


def test_only_a_dataset_is_mapped(adapter):
    with pytest.raises(UsageError, match="a dict, expected a tf"):
        adapter.map({})
