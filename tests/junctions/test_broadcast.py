from __future__ import annotations

import numpy as np
import pytest

import sigcheck
from sigcheck.junctions import broadcast
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.transforms.parts.array import GuardError

CASES = [
    (["string[?]", "int32[?, 3]"], ["string[?, 3]"], None),
    (["float32[?]", "int32[?, ?, 2]"], ["float32[?, ?, 2]"], None),
    (["int64[?, 1]", "float32[?, 5]"], ["int64[?, 5]"], None),
    (["float32[]", "float32[?, 2]"], ["float32[?, 2]"], None),
    # The run decides whether there are three.
    (["int32[?]", "int32[3, 2]"], ["int32[3, 2]"], None),
    (["float64[2, ?]", "int32[2, ?, 4]"], ["float64[2, ?, 4]"], None),
]


def join(value, like):
    (step,) = broadcast.join([parse_spec(value), parse_spec(like)], [parse_spec(value)], None)
    return step


@pytest.mark.parametrize(
    ("value", "like", "result", "guard"),
    [
        ("string[?]", "string[?, 3]", "string[?, 3]", False),
        ("string[?, 1]", "string[?, 3]", "string[?, 3]", False),
        ("int32[?]", "float32[4, 3]", "int32[4, 3]", True),
        ("int32[?, ?]", "float32[?, 5, 3]", None, None),
        ("float32[?, 7]", "int32[?, 7, ?]", "float32[?, 7, ?]", False),
    ],
)
def test_the_result_has_the_axes_of_the_second(value, like, result, guard):
    if result is None:
        with pytest.raises(JunctionError, match="2 sizes that nobody knows before the run"):
            join(value, like)
        return
    step = join(value, like)
    assert (str(step.result), step.guard is not None) == (result, guard)


@pytest.mark.parametrize(
    ("value", "like", "said"),
    [
        ("int32[2]", "int32[3, 4]", "axis 0 differs"),
        ("int32[2]", "int32[?, 4]", "axis 0 of .* may have another size"),
        ("int32[?, 3]", "int32[?, 3]", "has an entry for each of"),
        ("int32[?, 3, 4]", "int32[?, 3]", "has an entry for each of"),
        ("ragged int32[?, None]", "int32[?, 3, 2]", "expected a dense tensor of known dtype and rank"),
        ("int32[?]", "ragged int32[?, None]", "expected a dense tensor of known dtype and rank"),
    ],
)
def test_what_cannot_be_repeated_is_said(value, like, said):
    with pytest.raises(JunctionError, match=said):
        join(value, like)


def test_the_reference_refuses_other_sizes():
    parts, step = [parse_spec("int32[?]"), parse_spec("int32[?, 2]")], join("int32[?]", "int32[?, 2]")
    made = broadcast.reference(parts, step, [np.arange(3, dtype=np.int32), np.zeros((3, 2), np.int32)])
    assert made.tolist() == [[0, 0], [1, 1], [2, 2]]
    with pytest.raises(GuardError):
        broadcast.reference(parts, step, [np.zeros(2, np.int32), np.zeros((3, 2), np.int32)])


def test_a_user_goes_with_each_of_the_titles():
    """Both become one batch of pairs: with the titles alone the users would be another batch."""
    policy = Policy(assume="warn")
    sides = {"user": "string[?]", "titles": "string[?, 3]"}, {"user_id": "string[?]", "title": "string[?]"}
    bind = {"titles": "title", "user": "user_id"}
    assert sigcheck.check(*sides, bind=bind, policy=policy, verify="typed").verdict == "undecided"
    bind = {"titles": "title", "broadcast(user, titles)": "user_id"}
    report = sigcheck.check(*sides, bind=bind, policy=policy, verify="typed")
    assert (report.verdict, report.exit_code) == ("adapts", 0)
    made = report.adapter.to_numpy()(
        {"user": np.array([b"a", b"b"], object), "titles": np.array([[b"x", b"y", b"z"]] * 2, object)}
    )
    assert made["user_id"].tolist() == [b"a"] * 3 + [b"b"] * 3
    assert made["title"].tolist() == [b"x", b"y", b"z"] * 2


def test_the_output_whose_sizes_are_taken_still_feeds():
    report = sigcheck.check(
        {"user": "string[?]", "titles": "string[?, 3]"},
        {"user_id": "string[?, 3]", "titles": "string[?, 3]"},
        bind={"broadcast(user, titles)": "user_id"},
        verify="typed",
    )
    assert {one.required: one.provided for one in report.bindings} == {
        "user_id": "broadcast(user, titles)",
        "titles": "titles",
    }


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("value", "like", "wanted"),
    [("float16[2]", "int32[2, ?]", "float16[2, 8]"), ("bool[2, ?]", "uint8[2, ?, 8, ?]", "bool[2, 1, 8, 1]")],
)
def test_a_size_that_only_the_run_knows_is_asserted(value, like, wanted):
    """Of sizes taken as a whole TensorFlow left the assertion out: with seven entries eight came out."""
    import tensorflow as tf

    report = sigcheck.check({"a": value, "b": like}, {"x": wanted}, bind={"broadcast(a, b)": "x"}, verify="executed")
    assert (report.verdict, report.exit_code) == ("guarded", 0)
    specs = {
        name: tf.TensorSpec(parse_spec(one).shape, parse_spec(one).dtype) for name, one in (("a", value), ("b", like))
    }
    adapt = tf.function(report.adapter, input_signature=[specs])

    def fed(size):
        shapes = {name: [size if one is None else one for one in spec.shape] for name, spec in specs.items()}
        return adapt({name: tf.zeros(shape, specs[name].dtype) for name, shape in shapes.items()})

    size = parse_spec(wanted).shape[1]
    assert fed(size)["x"].shape == parse_spec(wanted).shape
    with pytest.raises(tf.errors.InvalidArgumentError):
        fed(size - 1 or 2)
