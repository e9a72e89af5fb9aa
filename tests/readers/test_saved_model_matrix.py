"""SavedModels written by TensorFlow and Keras, read, and compared with what TensorFlow says, field by field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sigcheck.readers import read
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.tensor_spec import TensorSpec

pytestmark = pytest.mark.tensorflow

Cases = dict[str, Callable[[Any], tuple[Callable[..., Any], list[Any]]]]

# name: (function, input signature), each saved with a signature of the function.
FUNCTIONS: Cases = {
    "dense": lambda tf: (lambda x: x * 2, [tf.TensorSpec([None, 10])]),
    "order": lambda tf: (
        lambda z, a, b: {"u": z + 1, "b": a, "a": b},
        [tf.TensorSpec([None, 3]), tf.TensorSpec([2], tf.int32), tf.TensorSpec([], tf.string)],
    ),
    "tuple_of_twelve": lambda tf: (
        lambda *args: tuple(x + i for i, x in enumerate(args)),
        [tf.TensorSpec([i + 1]) for i in range(12)],
    ),
    "ragged_in": lambda tf: (lambda r: tf.reduce_sum(r, 1), [tf.RaggedTensorSpec([None, None, 4], ragged_rank=1)]),
    "ragged_twice": lambda tf: (
        lambda r, x: (r.values, x),
        [tf.RaggedTensorSpec([None, None, None], tf.int32, ragged_rank=2), tf.TensorSpec([3])],
    ),
    "ragged_int32_splits": lambda tf: (
        lambda r: r,
        [tf.RaggedTensorSpec([3, None], tf.string, row_splits_dtype=tf.int32)],
    ),
    "ragged_out": lambda tf: (lambda x: tf.RaggedTensor.from_tensor(x * 2), [tf.TensorSpec([None, 4])]),
    "ragged_unknown_rank": lambda tf: (lambda r: r, [tf.RaggedTensorSpec(None, tf.int64, ragged_rank=1)]),
    "sparse_in": lambda tf: (lambda x: tf.sparse.to_dense(x) * 2, [tf.SparseTensorSpec([None, 5])]),
    "sparse_out": lambda tf: (lambda x: tf.sparse.from_dense(x * 2), [tf.TensorSpec([None, 5], tf.int64)]),
    "sparse_through": lambda tf: (lambda x, y: {"s": x, "y": y}, [tf.SparseTensorSpec([2, 5]), tf.TensorSpec([])]),
    "dict_in": lambda tf: (
        lambda d: {"s": d["b"][0] + d["a"]},
        [{"b": tf.TensorSpec([None, 1]), "a": tf.TensorSpec([None])}],
    ),
    "dict_of_ragged_and_sparse": lambda tf: (
        lambda d, x: {"v": d["r"].values, "x": x},
        [
            {"s": tf.SparseTensorSpec([None, 5]), "r": tf.RaggedTensorSpec([None, None]), "d": tf.TensorSpec([1])},
            tf.TensorSpec([], tf.bool),
        ],
    ),
    "nested": lambda tf: (
        lambda x, d: d["k"][1],
        [tf.TensorSpec([1]), {"k": (tf.TensorSpec([2]), tf.TensorSpec([3], tf.int64))}],
    ),
    "unknown_rank": lambda tf: (lambda x: x, [tf.TensorSpec(None)]),
    "scalar": lambda tf: (lambda x: x + 1, [tf.TensorSpec([])]),
    "size_zero": lambda tf: (lambda x: x, [tf.TensorSpec([0, 3])]),
    "all_unknown": lambda tf: (lambda x: x, [tf.TensorSpec([None, None, None])]),
    "string": lambda tf: (lambda x: tf.strings.length(x) + 1, [tf.TensorSpec([None], tf.string)]),
    "no_input": lambda tf: (lambda: {"one": tf.ones([2])}, []),
    "variant": lambda tf: (lambda x: x, [tf.TensorSpec([None], tf.variant)]),
}
DTYPES = ["bfloat16", "bool", "complex64", "float16", "float64", "int8", "qint8", "uint16", "uint64", "float8_e5m2"]


def spec_of(tf: Any, value: Any) -> TensorSpec:
    """What TensorFlow says, as a spec."""
    shape = None if value.shape.rank is None else tuple(value.shape.as_list())
    if isinstance(value, tf.RaggedTensorSpec):
        return TensorSpec(
            kind="ragged",
            dtype=value.dtype.name,
            shape=shape,
            ragged_rank=value.ragged_rank,
            row_splits_dtype=value.row_splits_dtype.name,
        )
    return TensorSpec(
        kind="sparse" if isinstance(value, tf.SparseTensorSpec) else "dense", dtype=value.dtype.name, shape=shape
    )


def leaves(tf: Any, value: Any) -> list[TensorSpec]:
    return [spec_of(tf, leaf) for leaf in tf.nest.flatten(value) if isinstance(leaf, tf.TypeSpec)]


def by_name(endpoints: tuple[Endpoint, ...]) -> dict[str, TensorSpec]:
    return {one.name: one.spec for one in endpoints}


def assert_outputs(tf: Any, signature: Signature, loaded: Any) -> None:
    assert by_name(signature.outputs) == {name: spec_of(tf, spec) for name, spec in loaded.structured_outputs.items()}


def assert_fed(signature: Signature, loaded: Any) -> None:
    """Every flat input of the signature is fed by exactly one endpoint."""
    flat = [part for one in signature.inputs for part in one.parts or (one.name,)]
    assert sorted(flat) == sorted(loaded.structured_input_signature[1])


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("is_attached", [True, False])
def test_a_function(tmp_path: Path, name: str, is_attached: bool) -> None:
    import tensorflow as tf

    body, specs = FUNCTIONS[name](tf)
    module = tf.Module()
    function = tf.function(body, input_signature=specs)
    if is_attached:
        module.function = function
    tf.saved_model.save(module, str(tmp_path), signatures=function.get_concrete_function())
    (signature,) = read(tmp_path).signatures
    loaded = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    assert_outputs(tf, signature, loaded)
    assert_fed(signature, loaded)
    if is_attached:
        assert [one.spec for one in signature.inputs] == leaves(tf, specs)
    else:
        # Saved without the function, the file keeps the flat names; the wrapper's call still has their order.
        assert by_name(signature.inputs) == {
            key: spec_of(tf, spec) for key, spec in loaded.structured_input_signature[1].items()
        }


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_dtype(tmp_path: Path, dtype: str) -> None:
    import tensorflow as tf

    module = tf.Module()
    module.function = tf.function(lambda x: x, input_signature=[tf.TensorSpec([None, 2], tf.dtypes.as_dtype(dtype))])
    tf.saved_model.save(module, str(tmp_path), signatures=module.function)
    (signature,) = read(tmp_path).signatures
    assert str(signature.inputs[0].spec) == str(signature.outputs[0].spec) == f"{dtype}[?, 2]"


def test_which_entry_of_a_dict_a_flat_name_feeds(tmp_path: Path) -> None:
    import tensorflow as tf

    module = tf.Module()
    spec = tf.TensorSpec([1])
    module.function = tf.function(
        lambda d: {"a": d["a"] + 0, "b": d["b"] + 0}, input_signature=[{"b": spec, "a": spec}]
    )
    tf.saved_model.save(module, str(tmp_path), signatures=module.function)
    (signature,) = read(tmp_path).signatures
    loaded = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    fed = {one.parts[0]: tf.constant([float(ord(one.name))]) for one in signature.inputs}
    assert {name: float(value[0]) for name, value in loaded(**fed).items()} == {"a": 97.0, "b": 98.0}


def test_which_parts_a_ragged_and_a_sparse_input_are_fed_by(tmp_path: Path) -> None:
    import tensorflow as tf

    module = tf.Module()
    module.function = tf.function(
        lambda r, s: {"r": r.to_tensor(), "s": tf.sparse.to_dense(s)},
        input_signature=[tf.RaggedTensorSpec([None, None, None], ragged_rank=2), tf.SparseTensorSpec([None, 5])],
    )
    tf.saved_model.save(module, str(tmp_path), signatures=module.function)
    (signature,) = read(tmp_path).signatures
    loaded = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    ragged = tf.ragged.constant([[[1.0, 2.0], []], [[3.0]]])
    sparse = tf.sparse.from_dense([[0.0, 1.0, 0.0, 2.0, 0.0]])
    values = {
        "r": (ragged.flat_values, *ragged.nested_row_splits),
        "s": (sparse.indices, sparse.values, sparse.dense_shape),
    }
    fed = {part: value for one in signature.inputs for part, value in zip(one.parts, values[one.name], strict=True)}
    result = loaded(**fed)
    assert result["r"].numpy().tolist() == ragged.to_tensor().numpy().tolist()
    assert result["s"].numpy().tolist() == tf.sparse.to_dense(sparse).numpy().tolist()


def test_keyword_arguments_and_named_tuples(tmp_path: Path) -> None:
    import tensorflow as tf

    class Pair(NamedTuple):
        right: Any
        left: Any

    module = tf.Module()
    module.function = tf.function(lambda pair, *, q, p=None: pair.left + q + p)
    pair = Pair(tf.TensorSpec([1], name="right"), tf.TensorSpec([], name="left"))
    trace = module.function.get_concrete_function(pair, q=tf.TensorSpec([3], name="q"), p=tf.TensorSpec([], name="p"))
    tf.saved_model.save(module, str(tmp_path), signatures=trace)
    (signature,) = read(tmp_path).signatures
    loaded = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    assert_fed(signature, loaded)
    assert sorted(str(one.spec) for one in signature.inputs) == ["float32[1]", "float32[3]", "float32[]", "float32[]"]
    flat = {key: spec_of(tf, spec) for key, spec in loaded.structured_input_signature[1].items()}
    assert all(flat[one.parts[0] if one.parts else one.name] == one.spec for one in signature.inputs)
    assert {"right", "left"} <= {one.name for one in signature.inputs}


def test_between_functions_of_the_same_names_the_call_decides(tmp_path: Path) -> None:
    import tensorflow as tf

    module = tf.Module()
    spec = tf.TensorSpec([2])
    module.straight = tf.function(lambda a, b: a - b, input_signature=[spec, spec])
    module.crossed = tf.function(lambda b, a: a - b, input_signature=[spec, spec])
    tf.saved_model.save(module, str(tmp_path), signatures={"straight": module.straight, "crossed": module.crossed})
    found = {one.key: [endpoint.name for endpoint in one.inputs] for one in read(tmp_path).signatures}
    assert found == {"straight": ["a", "b"], "crossed": ["b", "a"]}


def test_inputs_that_stay_flat_are_noted(tmp_path: Path) -> None:
    import tensorflow as tf

    function = tf.function(
        lambda x, r: r.values + x, input_signature=[tf.TensorSpec([]), tf.RaggedTensorSpec([None, None])]
    )
    tf.saved_model.save(tf.Module(), str(tmp_path), signatures=function.get_concrete_function())
    model = read(tmp_path)
    assert [str(one) for one in model.signatures[0].inputs] == ["x: float32[]", "r: float32[?]", "r_1: int64[?]"]
    assert ["may be parts of ragged" in note.message for note in model.notes] == [True]


def test_several_signatures(tmp_path: Path) -> None:
    import tensorflow as tf

    module = tf.Module()
    module.f = tf.function(lambda x: x + 1, input_signature=[tf.TensorSpec([None])])
    module.g = tf.function(
        lambda y, x: {"o": x, "p": y}, input_signature=[tf.TensorSpec([2], tf.int64), tf.TensorSpec([])]
    )
    tf.saved_model.save(module, str(tmp_path), signatures={"g": module.g, "f": module.f, "serving_default": module.f})
    model = read(tmp_path)
    assert [one.key for one in model.signatures] == ["serving_default", "f", "g"]
    assert [one.name for one in model.signatures[2].inputs] == ["y", "x"]
    loaded = tf.saved_model.load(str(tmp_path)).signatures
    for signature in model.signatures:
        assert_outputs(tf, signature, loaded[signature.key])


def test_functions_of_a_model_without_signatures(tmp_path: Path) -> None:
    import tensorflow as tf

    module = tf.Module()
    module.child = tf.Module()
    module.child.encode = tf.function(
        lambda d, training=False: (d["t"], d["r"].values),
        input_signature=[{"t": tf.TensorSpec([None, 2], tf.string), "r": tf.RaggedTensorSpec([None, None])}],
    )
    module.child.parent = module
    module.many = tf.function(lambda x: x + 1)
    module.many(tf.constant([1.0]))
    module.many(tf.constant([[1, 2]]))
    module.never = tf.function(lambda x: x)
    module.child.encode.get_concrete_function()
    tf.saved_model.save(module, str(tmp_path))
    found = {one.key: one for one in read(tmp_path).signatures}
    assert set(found) == {"child.encode", "many[0]", "many[1]"}
    loaded = tf.saved_model.load(str(tmp_path))
    (trace,) = loaded.child.encode.concrete_functions
    assert [one.spec for one in found["child.encode"].inputs] == leaves(tf, trace.structured_input_signature)
    assert [one.name for one in found["child.encode"].inputs] == ["r", "t"]
    assert [str(one) for one in found["child.encode"].outputs] == ["output_0: string[?, 2]", "output_1: float32[?]"]
    traces = {str(leaves(tf, one.structured_input_signature)[0]) for one in loaded.many.concrete_functions}
    assert {str(found[key].inputs[0].spec) for key in ("many[0]", "many[1]")} == traces


def test_a_keras_export(tmp_path: Path) -> None:
    import keras
    import tensorflow as tf

    zeta = keras.Input((3,), name="zeta")
    alpha = keras.Input((4,), name="alpha", dtype="int32")
    joined = keras.layers.Concatenate()([zeta, keras.ops.cast(alpha, "float32")])
    for structure, names in (([zeta, alpha], ["zeta", "alpha"]), ({"zeta": zeta, "alpha": alpha}, ["alpha", "zeta"])):
        folder = tmp_path / names[0]
        outputs = {"y": keras.layers.Dense(2)(joined), "x": keras.layers.Dense(1, dtype="mixed_float16")(zeta)}
        keras.Model(structure, outputs).export(folder, verbose=False)
        model = read(folder)
        assert [one.key for one in model.signatures] == ["serving_default", "serve"]
        loaded = tf.saved_model.load(str(folder)).signatures
        for signature in model.signatures:
            assert [one.name for one in signature.inputs] == names
            assert_outputs(tf, signature, loaded[signature.key])
            assert_fed(signature, loaded[signature.key])


def test_a_subclassed_keras_model_with_a_dict(tmp_path: Path) -> None:
    import keras
    import tensorflow as tf

    class Subclassed(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(2)

        def call(self, x: Any, training: bool = False) -> Any:
            return self.dense(x["p"]) + self.dense(x["q"])

    model = Subclassed()
    model({"p": tf.zeros((5, 3)), "q": tf.zeros((5, 3))})
    model.export(tmp_path / "exported", verbose=False)
    assert [str(one) for one in read(tmp_path / "exported").signatures[0].inputs] == [
        "p: float32[?, 3]",
        "q: float32[?, 3]",
    ]
    # Saving after a call freezes the batch of that call: what the file says is what is read.
    tf.saved_model.save(model, str(tmp_path / "saved"))
    assert [str(one) for one in read(tmp_path / "saved").signatures[0].inputs] == [
        "p: float32[5, 3]",
        "q: float32[5, 3]",
    ]


def test_a_tensorflow_1_export_with_tag_sets(tmp_path: Path) -> None:
    import tensorflow as tf

    v1 = tf.compat.v1
    folder = str(tmp_path / "model")
    with tf.Graph().as_default(), v1.Session() as session:
        examples = v1.placeholder(tf.string, [None])
        image = v1.placeholder(tf.float32, [None, None])
        sparse = v1.sparse_placeholder(tf.float32, [None, 7])
        info, build = v1.saved_model.build_tensor_info, v1.saved_model.build_signature_def
        classify = build({"examples": info(examples)}, {"l": info(tf.strings.length(examples))}, "classify")
        predict = build({"im": info(image), "sp": info(sparse)}, {"sp": info(sparse)}, "predict")
        builder = v1.saved_model.Builder(folder)
        builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": classify, "predict": predict})
        builder.add_meta_graph(["serve", "gpu"], {"serving_default": predict})
        builder.save()
    found = {(one.key, one.tags): one for one in read(folder).signatures}
    assert {place: [str(one) for one in signature.inputs] for place, signature in found.items()} == {
        ("serving_default", ("serve",)): ["examples: string[?]"],
        ("predict", ("serve",)): ["im: float32[?, ?]", "sp: sparse float32[?, 7]"],
        ("serving_default", ("gpu", "serve")): ["im: float32[?, ?]", "sp: sparse float32[?, 7]"],
    }
    assert [str(one) for one in found["predict", ("serve",)].outputs] == ["sp: sparse float32[?, 7]"]


def test_text_reads_as_binary(tmp_path: Path) -> None:
    import tensorflow as tf
    from google.protobuf import text_format
    from tensorflow.core.protobuf import saved_model_pb2

    for name in ("dict_of_ragged_and_sparse", "order", "ragged_out", "sparse_out", "size_zero"):
        body, specs = FUNCTIONS[name](tf)
        module = tf.Module()
        module.function = tf.function(body, input_signature=specs)
        binary, text = tmp_path / name / "binary", tmp_path / name / "text"
        tf.saved_model.save(module, str(binary), signatures=module.function)
        message = saved_model_pb2.SavedModel.FromString((binary / "saved_model.pb").read_bytes())
        text.mkdir()
        (text / "saved_model.pbtxt").write_text(text_format.MessageToString(message))
        assert read(text).signatures == read(binary).signatures
        (text / "saved_model.pbtxt").write_text(text_format.MessageToString(message, as_one_line=True))
        assert read(text).signatures == read(binary).signatures
