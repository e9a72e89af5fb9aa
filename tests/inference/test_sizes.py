"""Sizes of signatures whose graphs are written by hand."""

from __future__ import annotations

import json

import pytest

from sigcheck import api
from sigcheck.graph.view import Graph, Node, Tensor
from sigcheck.inference.sizes import given_sizes, tell_sizes
from sigcheck.reports import MODEL_FORMATS
from sigcheck.schema.errors import SourceError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature
from tests.inference.graphs import const, graph, node, placeholder, variable

POOL = {"ksize": (1, 2, 2, 1), "strides": (1, 2, 2, 1), "padding": "VALID", "data_format": "NHWC"}


def signature(given, gives="float32[*]"):
    inputs = tuple(Endpoint(name=name, spec=parse_spec(text)) for name, text in given.items())
    return Signature(inputs=inputs, outputs=(Endpoint(name="y", spec=parse_spec(gives)),))


def halved_and_back(*behind, gives="float32[?, ?, ?, 6]"):
    """A picture is made half as high and wide, doubled, and joined to itself."""
    nodes = [
        placeholder(),
        node("MaxPool", 0, **POOL),
        node("Shape", 1),
        const(1, dtype="int32"),
        const(3, dtype="int32"),
        const(1, dtype="int32", shape=(1,)),
        node("StridedSlice", 2, 5, 7, 5),
        const(3, dtype="int32", shape=(1,)),
        const(2, dtype="int32"),
        node("Mul", 6, 8),
        node("ResizeNearestNeighbor", 1, 9),
        const(3, dtype="int32"),
        node("ConcatV2", 0, 10, 11),
        *behind,
    ]
    return tell_sizes(graph(*nodes), signature({"x": "float32[?, ?, ?, 3]"}, gives))


def test_what_is_halved_and_joined_to_itself_must_be_even():
    told = halved_and_back(gives="float32[*]")
    assert [one.holds for one in told.constraints] == ["x.1 % 2 == 0", "x.2 % 2 == 0"]
    assert told.inputs[0].sizes == ("batch", "x.1", "x.2", 3)
    assert told.outputs[0].sizes == ("batch", "x.1", "x.2", 6)
    assert told.constraints[0].because == ("ConcatV2 of [x.1] and [2*(x.1 // 2)] at `concatv2`",)
    assert {one.tier for one in told.constraints} == {"proved"}


def test_an_operation_that_is_not_listed_ends_what_is_known_of_its_result_alone():
    told = halved_and_back(node("Custom", 12), gives="float32[*]")
    assert [one.holds for one in told.constraints] == ["x.1 % 2 == 0", "x.2 % 2 == 0"]
    assert told.outputs[0].sizes is None
    assert told.unfollowed == ("Custom at `custom`",)


def test_a_graph_that_contradicts_its_signature_says_nothing():
    given = signature({"x": "float32[?, ?, ?, 3]"}, "float32[?, 7]")
    told = halved_and_back(gives="float32[?, 7]")
    assert told.unfollowed == ("a graph that contradicts its signature, or is too large to be kept",)
    assert told.without_sizes() == given


def test_a_stored_size_that_no_size_of_the_graph_can_be_contradicts_it():
    """TensorFlow stores [?, 0, 0] of a matrix that has as many rows as a vector has elements, and one more."""
    nodes = [placeholder(), const(1, dtype="int32"), *[const(-1, dtype="int32")] * 2, const(0.0)]
    diagonal = graph(*nodes, node("MatrixDiagV3", 0, 1, 2, 3, 4))
    assert tell_sizes(diagonal, signature({"x": "float32[?, ?]"})).outputs[0].sizes == ("batch", "x.1 + 1", "x.1 + 1")
    told = tell_sizes(diagonal, signature({"x": "float32[?, ?]"}, "float32[?, 0, 0]"))
    assert told.unfollowed == ("a graph that contradicts its signature, or is too large to be kept",)
    assert told.outputs[0].sizes is None


def test_of_numbers_that_contradict_each_other_nothing_is_said():
    nodes = [
        placeholder(),
        const(*range(6), shape=(2, 3)),
        node("MatMul", 0, 1),
        const(1.0, 2.0),
        node("BiasAdd", 2, 3),
    ]
    given = signature({"x": "float32[?, ?]"})
    told = tell_sizes(graph(*nodes), given)
    assert told.unfollowed == ("a graph that no size meets as it is understood",)
    assert told.without_sizes() == given


def cropped_and_joined():
    """Two cuts of unlike length, joined along another axis, as encoder-decoders do that do not crop."""
    return (
        placeholder(),
        const(0, 1, 0, dtype="int32"),
        const(0, -1, 0, dtype="int32"),
        const(1, 1, 1, dtype="int32"),
        node("StridedSlice", 0, 1, 2, 3, begin_mask=5, end_mask=5),
        const(2, dtype="int32"),
        node("ConcatV2", 0, 4, 5),
    )


def test_a_constraint_that_no_size_meets_is_said_to_be_one():
    told = tell_sizes(graph(*cropped_and_joined()), signature({"x": "float32[?, ?, 3]"}))
    assert [one.holds for one in told.constraints] == ["x.1 == max(0, x.1 - 2)"]
    assert told.constraints[0].because[0].startswith("no size meets it: ConcatV2 of [x.1] and")
    assert told.outputs[0].sizes is None


@pytest.mark.parametrize(
    ("nodes", "rank"),
    [
        ([node("FusedBatchNormV3", 0)], 4),
        ([node("FusedBatchNormV3", 0, data_format="NDHWC")], None),
        # What leads to no output demands nothing.
        ([node("MaxPool", 0), node("Tanh", 0)], None),
    ],
)
def test_an_input_of_unknown_rank_has_that_of_what_reads_it(nodes, rank):
    given = given_sizes(graph(placeholder(), *nodes), signature({"x": "float32[*]"}))["x"]
    assert rank == (None if given is None else len(given))


MATRIX = [placeholder(), variable(16, 4), node("ReadVariableOp", 1)]


@pytest.mark.parametrize(
    ("nodes", "shape", "holds"),
    [
        ([*MATRIX, node("MatMul", 0, 2)], "float32[?, ?]", ["x.1 == 16"]),
        ([*MATRIX, node("MatMul", 0, 2, transpose_b=True)], "float32[?, ?]", ["x.1 == 4"]),
        ([*MATRIX, node("MatMul", 0, 2, transpose_a=True)], "float32[?, ?]", ["batch == 16"]),
        ([*MATRIX, node("MatMul", 0, 2)], "float32[?, 16]", []),
        # Of unknown rank: a product is one of matrices.
        ([*MATRIX, node("MatMul", 0, 2)], "float32[*]", ["x.1 == 16"]),
        ([*MATRIX, node("BatchMatMulV2", 0, 2)], "float32[*]", []),
        # A constant that broadcasts stretches an axis of 1.
        (
            [placeholder(), const(*[2.0] * 3), node("AddV2", 0, 1), variable(3, 4), node("MatMul", 2, 3)],
            "float32[?, ?]",
            ["x.1 == 1 or x.1 == 3"],
        ),
        # A grouped convolution takes a multiple of its kernel's channels.
        (
            [placeholder(), variable(1, 1, 4, 8), node("Conv2D", 0, 1, strides=(1, 1, 1, 1), padding="VALID")],
            "float32[?, 8, 8, ?]",
            ["x.3 % 4 == 0"],
        ),
    ],
)
def test_weights_tell_the_sizes_that_they_take(nodes, shape, holds):
    told = tell_sizes(graph(*nodes), signature({"x": shape}))
    assert [one.holds for one in told.constraints] == holds


def test_in_a_cycle_nothing_is_known():
    nodes = (placeholder(), Node("Add", (Tensor(0), Tensor(2)), "a"), Node("Relu", (Tensor(1),), "b"))
    told = tell_sizes(Graph(nodes, {"x": Tensor(0)}, {"y": Tensor(2)}), signature({"x": "float32[?, 3]"}))
    assert told.outputs[0].sizes is None
    assert told.constraints == ()


def test_what_only_a_shape_is_read_of_need_not_run():
    nodes = [placeholder(), const(0, dtype="int32", shape=(2,)), const(5, dtype="int32", shape=(2,))]
    cut = [node("Slice", 0, 1, 2), node("Shape", 3)]
    assert tell_sizes(graph(*nodes, *cut), signature({"x": "float32[?, ?]"})).constraints == ()
    assert tell_sizes(graph(*nodes, cut[0]), signature({"x": "float32[?, ?]"})).constraints != ()


def test_what_is_printed_is_a_source_that_says_the_same(tmp_path):
    told = halved_and_back()
    model = Model(source="s", reader="saved_model", signatures=(told,))
    text = MODEL_FORMATS["json"].render_models([model])
    (tmp_path / "model.json").write_text(text)
    read = api.read(str(tmp_path / "model.json")).signatures[0]
    assert read.constraints == told.constraints
    assert [one.sizes for one in read.inputs] == [one.sizes for one in told.inputs]
    shown = MODEL_FORMATS["text"].render_models([model])
    assert "float32[batch, x.1, x.2, 3]" in shown
    assert "where x.1 % 2 == 0, x.2 % 2 == 0" in shown


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("sizes", ["batch", "h +", 3], "is not a size"),
        ("sizes", ["batch", 3], "sizes names 2 sizes, the shape [?, ?, 3] has 3"),
        ("sizes", ["batch", "h", 4], "says 4 where"),
        ("sizes", ["batch", -1, 3], "found -1, expected a size"),
        ("constraints", [{"holds": "h"}], "is not a comparison"),
        ("constraints", [{"holds": "h == 4", "tier": "sure"}], "tier"),
    ],
)
def test_what_a_person_wrote_wrong_is_one_clear_line(tmp_path, field, value, said):
    written = {"inputs": [{"name": "x", "dtype": "float32", "shape": [None, None, 3]}], "outputs": []}
    if field == "sizes":
        written["inputs"][0]["sizes"] = value
    else:
        written["constraints"] = value
    (tmp_path / "m.json").write_text(json.dumps(written))
    with pytest.raises(SourceError) as raised:
        api.read(str(tmp_path / "m.json"))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("behind", "gives"),
    [
        ([const(*range(12), shape=(3, 4)), node("MatMul", 1, 2)], (None, 4)),
        (
            [
                const(*range(24), shape=(1, 2, 3, 4)),
                node("Conv2D", 1, 2, strides=(1, 1, 1, 1), padding="SAME"),
                node("MaxPool", 3, **POOL),
            ],
            (None, None, None, 4),
        ),
    ],
)
def test_behind_an_operation_that_is_not_listed_weights_tell_sizes(behind, gives):
    told = tell_sizes(graph(placeholder(), node("Custom", 0), *behind), signature({"x": "float32[?, 3]"}))
    assert told.outputs[0].sizes == gives
    assert told.constraints == ()


def test_what_is_declared_of_sizes_is_not_inferred():
    told = halved_and_back()
    declared = told.model_copy(
        update={"constraints": tuple(one.model_copy(update={"tier": "read"}) for one in told.constraints)}
    )
    assert declared.without_inferred() == declared
    assert told.without_inferred() == told.without_sizes()
