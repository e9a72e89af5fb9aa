"""Models as functions of named tensors, whatever their files call them."""

from __future__ import annotations

import pytest

from sigcheck.encodings.source import Source
from sigcheck.readers import read_source
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.verification.job import RunnableModel

pytestmark = pytest.mark.tensorflow


def runnable(path, reader="saved_model", signature=None):
    found = signature or read_source(Source.parse(str(path))).signatures[0]
    return RunnableModel(source=path.name, path=str(path), reader=reader, signature=found)


def test_a_ragged_input_is_given_in_its_parts(tmp_path):
    import tensorflow as tf

    from sigcheck.verification.loaded_model import load_model

    class Rows(tf.Module):
        @tf.function(input_signature=[tf.RaggedTensorSpec([None, None], tf.float32)])
        def __call__(self, rows):
            return {"total": tf.reduce_sum(rows, axis=1), "doubled": rows * 2.0}

    module = Rows()
    tf.saved_model.save(module, str(tmp_path / "rows"), signatures=module.__call__.get_concrete_function())
    model = runnable(tmp_path / "rows")
    (name,) = (endpoint.name for endpoint in model.signature.inputs)
    given = load_model(model)({name: tf.ragged.constant([[1.0, 2.0], [], [3.0]])})
    assert given["total"].numpy().tolist() == [3.0, 0.0, 3.0]
    assert given["doubled"].to_list() == [[2.0, 4.0], [], [6.0]]


def test_a_function_of_a_model_without_signatures_is_called_by_its_name(tmp_path):
    import tensorflow as tf

    from sigcheck.verification.loaded_model import load_model
    from sigcheck.verification.runner import LoadError

    class Bare(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name="v")])
        def double(self, v):
            return v * 2.0

    module = Bare()
    tf.saved_model.save(module, str(tmp_path / "bare"))
    model = runnable(tmp_path / "bare")
    (name,) = (endpoint.name for endpoint in model.signature.inputs)
    (given,) = load_model(model)({name: tf.constant([1.5])}).values()
    assert given.numpy().tolist() == [3.0]
    missing = model.signature.model_copy(update={"key": "no.such"})
    with pytest.raises(LoadError, match=r"'no\.such' is not among the functions"):
        load_model(runnable(tmp_path / "bare", signature=missing))


def test_a_broken_file_is_a_load_error(tmp_path):
    from sigcheck.verification.loaded_model import load_model
    from sigcheck.verification.runner import LoadError

    (tmp_path / "broken.keras").write_bytes(b"PK\x03\x04 and no more")
    signature = Signature(inputs=(Endpoint(name="x", spec=parse_spec("float32[?]")),))
    with pytest.raises(LoadError, match=r"broken\.keras cannot be loaded: "):
        load_model(runnable(tmp_path / "broken.keras", "keras", signature))


def test_code_in_a_keras_file_is_not_run(tmp_path):
    import keras

    from sigcheck.verification.loaded_model import load_model
    from sigcheck.verification.runner import LoadError

    keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda v: v)]).save(tmp_path / "code.keras")
    signature = Signature(inputs=(Endpoint(name="x", spec=parse_spec("float32[?, 2]")),))
    with pytest.raises(LoadError, match=r"unsafe|safe_mode|Lambda"):
        load_model(runnable(tmp_path / "code.keras", "keras", signature))


def test_inputs_and_outputs_of_a_keras_model_go_by_name(tmp_path):
    import keras
    import tensorflow as tf

    from sigcheck.verification.loaded_model import load_model

    b, a = keras.Input((1,), name="b"), keras.Input((1,), name="a")
    difference = keras.layers.Subtract(name="difference")([b, a])
    keras.Model([b, a], [difference, keras.layers.Add(name="total")([b, a])]).save(tmp_path / "two.keras")
    given = load_model(runnable(tmp_path / "two.keras", "keras"))(
        {"a": tf.constant([[1.0]]), "b": tf.constant([[5.0]])}
    )
    assert {name: tensor.numpy().tolist() for name, tensor in given.items()} == {
        "difference": [[4.0]],
        "total": [[6.0]],
    }
