from __future__ import annotations

import numpy as np
import pytest

from sigcheck.adapters.module import check_argument_names
from sigcheck.schema.errors import UsageError

tensorflow = pytest.mark.tensorflow


@tensorflow
def test_a_saved_module_has_the_names_and_the_open_batch(report, tmp_path):
    import tensorflow as tf

    module = report({"output_0": "float32[?, 10]"}, {"x": "float32[?, 1, 10]"}).adapter.to_module()
    tf.saved_model.save(module, str(tmp_path / "adapter"), signatures=module.serve)
    function = tf.saved_model.load(str(tmp_path / "adapter")).signatures["serving_default"]
    assert function.structured_input_signature[1] == {"output_0": tf.TensorSpec([None, 10], tf.float32, "output_0")}
    assert function.structured_outputs == {"x": tf.TensorSpec([None, 1, 10], tf.float32, "x")}
    batch = np.arange(30, dtype=np.float32).reshape(3, 10)
    np.testing.assert_array_equal(function(output_0=tf.constant(batch))["x"][:, 0], batch)


@tensorflow
def test_its_call_has_the_provided_specs_as_its_input_signature(report):
    import tensorflow as tf

    module = report({"a/b": "int32[?]", "c": "uint8[?]"}, {"a/b": "int64[?]", "c": "uint8[?]"})
    with pytest.raises(UsageError, match="a/b: no name that an input of a new SavedModel can have"):
        module.adapter.to_module()
    module = report({"b": "int32[?]", "c": "uint8[?]"}, {"b": "int64[?]", "c": "int32[?]"}).adapter.to_module()
    assert set(module.__call__.input_signature[0]) == {"b", "c"}
    given = module({"b": tf.constant([1], tf.int32), "c": tf.constant([2], tf.uint8)})
    assert {name: value.dtype for name, value in given.items()} == {"b": tf.int64, "c": tf.int32}
    with pytest.raises(TypeError):
        module({"b": tf.constant([1.0]), "c": tf.constant([2], tf.uint8)})


@tensorflow
def test_a_ragged_output_is_an_argument_in_parts(report, tmp_path):
    import tensorflow as tf

    wanted = ("int32[?, 4]", {"padding": {"value": 0}})
    module = report({"tokens": "ragged int32[?, None]"}, {"tokens": wanted}).adapter.to_module()
    tf.saved_model.save(module, str(tmp_path / "adapter"), signatures=module.serve)
    loaded = tf.saved_model.load(str(tmp_path / "adapter"))
    function = loaded.signatures["serving_default"]
    rows = tf.ragged.constant([[1, 2], [3]], tf.int32)
    parts = {"tokens": rows.flat_values, "tokens_1": rows.row_splits}
    assert set(function.structured_input_signature[1]) == set(parts)
    assert function(**parts)["tokens"].numpy().tolist() == [[1, 2, 0, 0], [3, 0, 0, 0]]


@pytest.mark.parametrize("name", ["a b", "a:0", "class", "1x", "self", "", "größe"])
def test_a_name_that_tensorflow_would_change_is_refused(name):
    with pytest.raises(UsageError, match="no name that an input of a new SavedModel can have"):
        check_argument_names(["fine", name])
