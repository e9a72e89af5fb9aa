"""MLmodel files, as `mlflow`, which owns the format, writes them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from mlflow.models import Model
from mlflow.models.signature import ModelSignature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec

from sigcheck.api import check
from sigcheck.readers import read
from sigcheck.schema.errors import SourceError

ENCODER = Path(__file__).parents[3] / "fixtures" / "rank" / "encoder"
TENSORFLOW = {"tensorflow": {"saved_model_dir": "data/model", "model_type": "tf2-module"}}


def tensor(dtype, shape, name=None):
    return TensorSpec(np.dtype(dtype), shape, name)


TAKEN, GIVEN = tensor("float32", (-1, 24), "measurements"), tensor("float32", (-1, 10), "output_0")


@pytest.fixture
def logged(tmp_path):
    """Writes an MLflow model with this signature, around the encoder where a flavor says so."""

    def write(inputs=None, outputs=None, params=None, flavors=None):
        schemas = [None if one is None else Schema(one) for one in (inputs, outputs)]
        told = ModelSignature(*schemas, None if params is None else ParamSchema(params)) if inputs else None
        model = Model(artifact_path="m", signature=told)
        for name, options in (flavors or {}).items():
            model.add_flavor(name, **options)
        if flavors:
            shutil.copytree(ENCODER, tmp_path / "data" / "model")
        model.save(str(tmp_path / "MLmodel"))
        return tmp_path

    return write


DTYPES = ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "bool")


@pytest.mark.parametrize("dtype", DTYPES)
def test_tensors(logged, dtype):
    model = read(logged([tensor(dtype, (-1, 3), "a")], [tensor("str", (-1,), "b"), tensor("bytes", (2,), "c")]))
    assert (model.reader, model.notes, model.contradictions) == ("mlflow", (), ())
    (signature,) = model.signatures
    assert [str(one) for one in signature.inputs] == [f"a: {dtype}[?, 3]"]
    assert [str(one) for one in signature.outputs] == ["b: string[?]", "c: string[2]"]


def test_columns_and_parameters(logged):
    columns = [ColSpec(kind, kind) for kind in ("boolean", "integer", "long", "float", "double", "string", "binary")]
    columns += [ColSpec("double", "maybe", required=False), ColSpec("datetime", "at")]
    params = [ParamSpec("threshold", "float", 0.5), ParamSpec("ids", "long", [1, 2], (-1,))]
    model = read(logged(columns, params=params))
    told = {one.name: (str(one.spec), one.optional) for one in model.signatures[0].inputs}
    assert told == {
        "boolean": ("bool[?]", False),
        "integer": ("int32[?]", False),
        "long": ("int64[?]", False),
        "float": ("float32[?]", False),
        "double": ("float64[?]", False),
        "string": ("string[?]", False),
        "binary": ("string[?]", False),
        "maybe": ("float64[?]", True),
        "at": ("unknown[*]", False),
        "threshold": ("float32[]", True),
        "ids": ("int64[?]", True),
    }
    assert [note.place for note in model.notes] == ["at"]
    (binary,) = (one for one in model.signatures[0].inputs if one.name == "binary")
    assert binary.spec.facts.meaning == "bytes"


def test_the_model_in_the_folder_says_the_same(logged):
    model = read(logged([TAKEN], [GIVEN], flavors=TENSORFLOW))
    assert (model.notes, model.contradictions) == ((), ())


@pytest.mark.parametrize(
    ("taken", "given", "place", "problem"),
    [
        (tensor("float32", (-1, 42), "measurements"), GIVEN, "measurements", "size 42 on axis 1, the model has 24"),
        (tensor("float32", (-1, -1), "measurements"), GIVEN, "measurements", "size open on axis 1"),
        (tensor("float64", (-1, 24), "measurements"), GIVEN, "measurements", "dtype float64, the model has float32"),
        (tensor("float32", (-1, 24), "m"), GIVEN, "m", "takes none of this name but measurements"),
        (TAKEN, tensor("float32", (-1, 11)), "output_0", "size 11 on axis 1, the model has 10"),
        (ColSpec("float", "m"), GIVEN, "m", "takes none of this name but measurements"),
        # A SavedModel gets each column as a vector of its dtype, and TensorFlow refuses it.
        (ColSpec("float", "measurements"), GIVEN, "measurements", "rank 1, the model has 2"),
        (ColSpec("double", "measurements"), GIVEN, "measurements", "dtype float64, the model has float32"),
    ],
)
def test_the_model_in_the_folder_says_otherwise(logged, taken, given, place, problem):
    found = read(logged([taken], [given], flavors=TENSORFLOW)).contradictions
    assert [one.rule for one in found if one.place == place and problem in one.message] == [
        "signature_contradicts_model"
    ]


def test_a_name_that_is_left_out_is_no_contradiction(logged):
    model = read(logged([TAKEN], [tensor("float32", (-1, 10))], flavors=TENSORFLOW))
    assert model.contradictions == ()


@pytest.mark.parametrize(("count", "made", "problem"), [(24, 10, []), (23, 10, ["size 23"]), (24, 9, ["size 9"])])
def test_keras_gets_all_columns_as_one_matrix(logged, count, made, problem):
    columns = ([ColSpec("double", f"{name}{at}") for at in range(size)] for name, size in (("a", count), ("b", made)))
    keras = {"tensorflow": {**TENSORFLOW["tensorflow"], "model_type": "keras"}}
    found = read(logged(*columns, flavors=keras)).contradictions
    assert [one.message.rpartition(": ")[2].partition(" on")[0] for one in found] == problem


@pytest.mark.parametrize(
    ("names", "columns", "is_fine"),
    [
        (["x"], ["double"] * 2, True),
        (["x"], ["double"] * 3, False),
        (["a", "b"], ["double", "float"], False),
        (["p", "q"], ["double", "float"], True),
    ],
)
def test_an_onnx_model_gets_a_matrix_or_vectors(logged, tmp_path, names, columns, is_fine):
    from onnx import TensorProto, helper

    shape = ["n", 2] if names != ["p", "q"] else ["n"]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in names]
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)
    graph = helper.make_graph([helper.make_node("Identity", [names[0]], ["y"])], "g", ends, [out])
    folder = logged(
        [ColSpec(kind, name) for kind, name in zip(columns, [*names, "c", "d"], strict=False)],
        [ColSpec("float", "y")],
        flavors={"onnx": {"data": "model.onnx"}},
    )
    (folder / "model.onnx").write_bytes(helper.make_model(graph).SerializeToString())
    assert (read(folder).contradictions == ()) == is_fine


def test_a_model_without_a_signature_has_its_own(logged):
    model = read(logged(flavors=TENSORFLOW))
    assert [str(one) for one in model.signatures[0].inputs] == ["measurements: float32[?, 24]"]
    assert "logged without a signature" in model.notes[0].message


@pytest.mark.parametrize("path", ["../data/model", "/etc", "data/../data/model", ".", "data/.git"])
def test_a_path_of_a_flavor_leads_into_the_folder_alone(logged, path):
    wrong = tensor("float32", (-1, 42), "measurements")
    folder = logged([wrong], [GIVEN], flavors={"tensorflow": {"saved_model_dir": path}})
    assert read(folder).contradictions == ()


def test_a_check_of_it_is_an_error(logged):
    folder = logged([tensor("float32", (-1, 42), "measurements")], [GIVEN], flavors=TENSORFLOW)
    report = check(str(folder), {"x": "float32[?, 10]"}, verify="typed")
    assert (report.exit_code, [one.rule for one in report.findings]) == (1, ["signature_contradicts_model"])


# Ten of the one before, ten times.
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]\n" for at in range(1, 10))


def test_what_a_user_gave_twice_or_by_numbers_is_no_broken_file(tmp_path):
    """As MLflow writes it: one object at two places, and a table by numbers."""
    model = Model(signature=ModelSignature(Schema([TensorSpec(np.dtype("float32"), (-1, 3), "x")])), metadata={})
    tags = ["a"]
    model.add_flavor("python_function", loader_module="m", config={"a": tags, "b": tags, "labels": {0: "no", 1: "yes"}})
    model.save(tmp_path / "MLmodel")
    assert "&id001" in (tmp_path / "MLmodel").read_text()
    assert str(read(tmp_path).signatures[0].inputs[0]) == "x: float32[?, 3]"


def shaped(shape):
    return {"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": shape}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "an empty file"),
        ("a: b", "no table of flavors"),
        ("flavors: {}", "an MLflow model without a signature, and no model that is read"),
        ("flavors: {}\nsignature: {inputs: '{}'}", "expected a list of columns or tensors"),
        ('flavors: {}\nsignature: {inputs: \'[{"type": "tensor"}]\'}', "broken"),
        ("flavors: {}\nsignature: {inputs: '[3]'}", "broken"),
        *(
            (f"flavors: {{}}\nsignature: {{inputs: '{json.dumps([shaped(shape)])}'}}", "expected a list of sizes")
            for shape in ({}, [True], ["3"], None, [2.0])
        ),
        ("flavors: {}\nsignature: [1]", "broken"),
        ("flavors: &a {b: *a}", "line 1: an alias of what it stands in"),
        ("flavors: {a: *b}", "undefined alias"),
        (BOMB + "flavors: {keras: {data: *a9}}", "aliases that stand for more than 131072 values"),
        ("flavors: !!python/object/apply:os.system ['true']", "broken"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, text, problem):
    (tmp_path / "MLmodel").write_text(text)
    with pytest.raises(SourceError, match=problem) as raised:
        read(tmp_path)
    assert "\n" not in str(raised.value)
