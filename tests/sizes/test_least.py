"""Least sizes: what is claimed is exactly the size below which TensorFlow has no value to give."""

from __future__ import annotations

import pytest

from sigcheck.graph.view import Tensor
from sigcheck.inference.sizes import tell_sizes
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.tensor_spec import TensorSpec
from tests.inference.graphs import const, graph, node, placeholder
from tests.programs import told_by
from tests.sizes.least_size import least_of


def whole(*numbers):
    return const(*numbers, dtype="int32", shape=(len(numbers),))


def told(made, shape=(None, None, 2)):
    spec = TensorSpec(dtype="float32", shape=shape)
    outputs = tuple(Endpoint(name=name, spec=TensorSpec(dtype="float32", shape=None)) for name in made.outputs)
    return tell_sizes(made, Signature(inputs=(Endpoint(name="x", spec=spec),), outputs=outputs))


def least(*nodes, shape=(None, None, 2), **ends):
    found = told(graph(*nodes, **ends), shape)
    return [least_of(found, axis) for axis in range(len(shape or ()))]


def cut(begin, end=0, *, first=0, at=4):
    """The nodes of `x[:, begin:end]`, of the node `first`; an end of 0 is that of the axis."""
    masks = {"begin_mask": 1, "end_mask": 1 if end else 3}
    ends = [whole(0, begin), whole(0, end), whole(1, 1)]
    return [*ends, node("StridedSlice", first, at - 3, at - 2, at - 1, **masks)]


def assert_bounds(told, count):
    """Below a claimed size no output has a value, and at that size a run gives one."""
    claimed = {name: one["runs"] for name, one in told.items() if one["runs"]}
    assert len(claimed) >= count
    assert {name: runs for name, runs in claimed.items() if any(runs[:-1])} == {}
    assert [name for name, runs in claimed.items() if not runs[-1]] == []


@pytest.mark.tensorflow
def test_every_claim_holds_on_both_sides_of_the_bound(tmp_path):
    told = told_by("tests.sizes.least_models", tmp_path)
    assert {name: one["least"] for name, one in told.items()} == {name: one["wanted"] for name, one in told.items()}
    assert_bounds(told, 28)


@pytest.mark.tensorflow
def test_keras_files_claim_the_same_as_their_exports_or_more(tmp_path):
    told = told_by("tests.sizes.keras_least_models", tmp_path)
    assert {name: one["least"] for name, one in told.items()} == {
        name: [one["wanted"]] * 2 for name, one in told.items()
    }
    assert_bounds(told, 16)
    # A crop of Keras refuses to leave nothing; what it is exported as leaves it, and the rest makes something of that.
    wider = {name for name, one in told.items() if one["exported"] != one["wanted"]}
    assert wider == {"padded_behind_the_crop", "mean", "two_outputs"}
    assert all(told[name]["exported"] is None for name in wider)


def test_a_cut_needs_what_it_cuts_off_and_one_more():
    assert least(placeholder(), *cut(5)) == [None, 6, None]
    assert least(placeholder(), *cut(5, -5)) == [None, 11, None]
    assert least(placeholder(), *cut(5), *cut(2, -1, first=4, at=8)) == [None, 9, None]


def test_a_known_size_and_that_of_a_batch_are_not_told():
    ends = [whole(5), whole(0), whole(1)]
    assert told(graph(placeholder(), *cut(5), output=4), (None, 3, 2)).constraints == ()
    assert told(graph(placeholder(), *cut(5)), None).constraints == ()
    assert told(graph(placeholder(), *ends, node("StridedSlice", 0, 1, 2, 3, end_mask=1))).constraints == ()


def test_all_outputs_must_be_empty():
    made = graph(placeholder(), *cut(5))
    assert [one.holds for one in told(made).constraints] == ["x.1 >= 6"]
    assert [one.because for one in told(made).constraints] == [("output of [max(0, x.1 - 5)] and [1] at `y`",)]
    assert told(type(made)(made.nodes, made.inputs, {"y": Tensor(4), "z": Tensor(0)})).constraints == ()


def test_what_is_not_in_the_table_ends_it():
    assert least(placeholder(), *cut(5), node("Relu", 4)) == [None, 6, None]
    assert least(placeholder(), *cut(5), node("MyOp", 4)) == [None, None, None]
    assert least(placeholder(), *cut(5), const(1, dtype="int32"), node("Mean", 4, 5)) == [None, None, None]


def test_an_index_beyond_the_end_fails_whatever_follows():
    ends = [whole(0, 7), whole(0, 8), whole(1, 1)]
    taken = node("StridedSlice", 0, 1, 2, 3, begin_mask=1, end_mask=1, shrink_axis_mask=2)
    (one,) = told(graph(placeholder(), *ends, taken, node("MyOp", 4))).constraints
    assert (one.holds, one.tier) == ("x.1 >= 8", "proved")
    assert one.because == ("StridedSlice of [x.1] and [8] at `stridedslice`",)


def test_a_node_that_reads_itself_is_unknown():
    assert told(graph(placeholder(), node("AddV2", 0, 1))).constraints == ()
    assert told(graph(placeholder(), *cut(5), node("AddV2", 4, 5))).constraints == ()


@pytest.mark.parametrize(
    "broken",
    [
        [whole(0, 5), whole(0, 0), whole(1), node("StridedSlice", 0, 1, 2, 3)],
        [whole(0, 0, 0, 5), whole(0, 0, 0, 0), whole(1, 1, 1, 1), node("StridedSlice", 0, 1, 2, 3)],
        [const(0.5), const(0.5), const(0.5), node("StridedSlice", 0, 1, 2, 3)],
        [node("Conv2D", 0), node("StridedSlice", 1)],
        [node("Conv2D", 0, None, padding="VALID", strides=(1, 1, 1, 1))],
        [node("MaxPool", 0, ksize=(1, 5), strides=(1,), padding="VALID")],
        [node("MaxPool", 0, ksize="5", strides=None, padding="VALID")],
        [whole(1), node("Transpose", 0, 1), *cut(5, first=2, at=6)],
    ],
)
def test_what_is_broken_is_unknown(broken):
    assert told(graph(placeholder(), *broken)).constraints == ()
