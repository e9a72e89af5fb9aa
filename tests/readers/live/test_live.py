"""Live objects: what sigcheck reads is what TensorFlow and Keras say of the same object."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sigcheck.readers import read
from sigcheck.schema.errors import SourceError, UsageError

pytestmark = pytest.mark.tensorflow


def sides(source):
    signature = read(source).signatures[0]
    return [str(one) for one in signature.inputs], [str(one) for one in signature.outputs]


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


@pytest.fixture(scope="module")
def tf(keras):
    import tensorflow as tf

    return tf


def test_functional_model_goes_by_its_layers(keras):
    x = keras.Input((10,), name="x")
    model = keras.Model(x, keras.layers.Dense(3, name="scores")(x))
    assert sides(model) == (["x: float32[?, 10]"], ["scores: float32[?, 3]"])


def test_functional_model_keeps_dict_keys(keras):
    a, b = keras.Input((4,), name="a"), keras.Input((2,), name="b", dtype="int32")
    outputs = {"u": keras.layers.Dense(3)(a), "v": keras.layers.Embedding(5, 2)(b)}
    assert sides(keras.Model({"first": a, "second": b}, outputs)) == (
        ["first: float32[?, 4]", "second: int32[?, 2]"],
        ["u: float32[?, 3]", "v: float32[?, 2, 2]"],
    )


def test_a_layer_shared_by_two_outputs_gives_two_names(keras):
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    same = keras.layers.Dense(2, name="same")
    assert sides(keras.Model([a, b], [same(a), same(b)]))[1] == ["same: float32[?, 2]", "same_1: float32[?, 2]"]


def test_sequential_model_once_built(keras):
    layers = [keras.Input((6,), name="q"), keras.layers.Dense(2, name="last")]
    assert sides(keras.Sequential(layers)) == (["q: float32[?, 6]"], ["last: float32[?, 2]"])


def test_sequential_model_never_built_has_no_signature_and_a_note(keras):
    model = read(keras.Sequential([keras.layers.Dense(2)]))
    assert model.signatures == ()
    assert "never called" in model.notes[0].message


def test_sparse_ragged_and_optional_inputs(keras):
    dense = keras.Input((4,), name="d", optional=True)
    sparse = keras.Input((4,), name="s", sparse=True)
    model = keras.Model([sparse, dense], keras.layers.Dense(1, name="y")(sparse))
    signature = read(model).signatures[0]
    assert [str(one) for one in signature.inputs] == ["s: sparse float32[?, 4]", "d: float32[?, 4]"]
    assert [one.optional for one in signature.inputs] == [False, True]
    ragged = keras.Input((None,), name="r", ragged=True, dtype="int32")
    assert sides(keras.Model(ragged, keras.layers.Identity(name="i")(ragged)))[0] == ["r: ragged int32[?, None]"]


def test_subclassed_model_by_a_symbolic_call(keras, tf):
    class Pair(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(2)

        def call(self, features):
            return {"y": self.dense(features), "z": features}

    model = Pair()
    model(tf.zeros((3, 4)))
    assert sides(model) == (["features: float32[?, 4]"], ["y: float32[?, 2]", "z: float32[?, 4]"])


def test_subclassed_model_whose_code_refuses_symbols_has_unknown_outputs(keras, tf):
    class Eager(keras.Model):
        def call(self, x):
            return x if float(tf.reduce_sum(x)) else -x

    model = Eager()
    model(tf.ones((3, 4)))
    found = read(model)
    assert [str(one) for one in found.signatures[0].outputs] == ["output_0: unknown[*]"]
    assert "a symbolic call fails" in found.notes[-1].message


def test_function_with_an_input_signature_is_traced(tf):
    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, name="x"), tf.TensorSpec([], tf.int64)])
    def scale(x, times):
        return x * tf.cast(times, tf.float32), tf.strings.as_string(times)

    assert sides(scale) == (
        ["x: float32[?, 4]", "times: int64[]"],
        ["output_0: float32[?, 4]", "output_1: string[]"],
    )


def test_function_never_called_names_the_cure(tf):
    with pytest.raises(SourceError, match=r"never called.*Give it an input_signature"):
        read(tf.function(lambda x: x))


def test_function_shows_every_trace(tf):
    function = tf.function(lambda x: x + x)
    function(tf.zeros([2]))
    function(tf.zeros([2], tf.int32))
    assert {one.key for one in read(function).signatures} == {"default[0]", "default[1]"}


def test_function_that_fails_to_trace(tf):
    @tf.function(input_signature=[tf.TensorSpec([2, 3], tf.float32)])
    def wrong(x):
        return tf.matmul(x, x)

    with pytest.raises(SourceError, match="wrong: cannot be traced"):
        read(wrong)


def test_concrete_function_keeps_structure_and_drops_constants(tf):
    @tf.function
    def merge(parts, training):
        return {"sum": parts["a"] + parts["b"]} if training else None

    specs = {"b": tf.TensorSpec([None], tf.float32), "a": tf.TensorSpec([None], tf.float32)}
    concrete = merge.get_concrete_function(specs, True)
    assert sides(concrete) == (["a: float32[?]", "b: float32[?]"], ["sum: float32[?]"])


def test_composite_tensors_through_a_function(tf):
    @tf.function(
        input_signature=[
            tf.RaggedTensorSpec([None, None, 4], tf.float32, ragged_rank=1, row_splits_dtype=tf.int32),
            tf.SparseTensorSpec([None, 9], tf.int64),
            tf.TensorSpec(None, tf.string, name="any"),
        ]
    )
    def keep(rows, entries, anything):
        return {"rows": rows, "entries": entries, "anything": anything}

    inputs, outputs = sides(keep)
    assert [one.partition(": ")[2] for one in inputs] == [
        "ragged float32[?, None, 4]",
        "sparse int64[?, 9]",
        "string[*]",
    ]
    assert outputs == ["anything: string[*]", "entries: sparse int64[?, 9]", "rows: ragged float32[?, None, 4]"]
    assert read(keep).signatures[0].inputs[0].spec.row_splits_dtype == "int32"


def test_module_by_its_functions_child_modules_too(tf):
    class Child(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def encode(self, x):
            return x[:, None]

    class Parent(tf.Module):
        def __init__(self):
            super().__init__()
            self.child = Child()
            self.child.parent = self

        @tf.function
        def never(self, x):
            return x

        @property
        def explosive(self):
            raise AssertionError("a property was read")

    found = read(Parent())
    assert [one.key for one in found.signatures] == ["child.encode"]
    assert [note.place for note in found.notes] == ["never"]


def test_loaded_saved_model_with_and_without_signatures(tf, tmp_path):
    class Doubler(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name="x")])
        def double(self, x):
            return {"y": x + x}

        @tf.function(input_signature=[tf.TensorSpec([], tf.int64)])
        def count(self, n):
            return n + 1

    # A module of one function is saved with that as its serving_default.
    module = Doubler()
    tf.saved_model.save(module, str(tmp_path / "plain"))
    tf.saved_model.save(module, str(tmp_path / "served"), signatures={"serve": module.double})
    plain = read(tf.saved_model.load(str(tmp_path / "plain")))
    served = read(tf.saved_model.load(str(tmp_path / "served")))
    assert [one.key for one in plain.signatures] == ["count", "double"]
    assert [one.key for one in served.signatures] == ["serve"]
    for found in (plain, served):
        assert [str(one) for one in found.signatures[-1].inputs] == ["x: float32[?, 2]"]
        assert [str(one) for one in found.signatures[-1].outputs] == ["y: float32[?, 2]"]


def test_dataset_gives_its_elements(tf):
    dicts = tf.data.Dataset.from_tensors({"a": tf.zeros([3]), "b": tf.ragged.constant([[1], [2, 3]])})
    assert sides(dicts) == ([], ["a: float32[3]", "b: ragged int32[2, None]"])
    assert sides(tf.data.Dataset.range(5).batch(2))[1] == ["output_0: int64[?]"]


def test_dataset_of_pairs_is_inputs_and_labels(tf):
    pairs = tf.data.Dataset.from_tensor_slices(({"x": tf.zeros([6, 3])}, tf.zeros([6], tf.int64))).batch(2)
    found = read(pairs)
    assert [str(one) for one in found.signatures[0].outputs] == ["x: float32[?, 3]"]
    assert [(note.place, note.message.partition(":")[0]) for note in found.notes] == [("labels", "int64[?]")]


def test_type_specs_and_tensors_stand_on_both_sides(tf):
    inputs, outputs = sides({"ids": tf.TensorSpec([None, 8], tf.int32), "mask": tf.zeros([2, 8], tf.bool)})
    assert inputs == outputs == ["ids: int32[?, 8]", "mask: bool[2, 8]"]
    assert sides([tf.TensorSpec([1], tf.float32), tf.TensorSpec([2], tf.float32, name="two")]) == (
        ["args_0: float32[1]", "two: float32[2]"],
        ["output_0: float32[1]", "two: float32[2]"],
    )


def test_a_type_that_is_no_tensor_is_unknown_and_noted(tf):
    found = read({"many": tf.data.DatasetSpec(tf.TensorSpec([], tf.int64))})
    assert str(found.signatures[0].outputs[0]) == "many: unknown[*]"
    assert found.notes[0].place == "many"


@pytest.mark.parametrize("value", [object(), 3, [], {"a": 1}, None])
def test_other_objects_are_refused(tf, value):
    with pytest.raises(SourceError, match="not a model, expected"):
        read(value)


def test_a_cyclic_list_is_refused(tf):
    endless = []
    endless.append(endless)
    with pytest.raises(SourceError, match="not a model"):
        read(endless)


def test_recognizing_imports_no_tensorflow():
    code = """
import sys
from sigcheck.readers import read
from sigcheck.schema.errors import SourceError
try:
    read(object())
except SourceError:
    print([name for name in ("tensorflow", "keras", "numpy", "h5py") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_with_specs_are_read_without_tensorflow():
    model = read({"x": "float32[?, 10]", "n": "int32[]"})
    (signature,) = model.signatures
    assert [str(one) for one in signature.inputs] == ["x: float32[?, 10]", "n: int32[]"]
    assert (signature.inputs, model.reader) == (signature.outputs, "notation")


def test_a_text_that_is_no_spec_is_named():
    with pytest.raises(UsageError, match=r"^x: "):
        read({"x": "float33[?]"})
