from __future__ import annotations

import numpy as np
import pytest

import sigcheck
from sigcheck.junctions import range as places
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy

CASES = [
    (["float32[?, 4]"], ["int32[?]"], 0),
    (["int32[?, ?]"], ["int64[?, ?]"], 1),
    (["float32[?, 3, 4]"], ["int32[?, 3]"], 0),
    (["float64[2, ?, 3]"], ["float64[2, ?, 3]"], -2),
]


def join(like, required, axis=0):
    (step,) = places.join([parse_spec(like)], [parse_spec(required)], axis)
    return step


@pytest.mark.parametrize(
    ("like", "required", "axis", "result"),
    [
        ("float32[?, 4]", "int32[?]", 0, "int32[?]"),
        ("int32[?, 8]", "int64[?, 8]", 1, "int64[?, 8]"),
        ("float32[?, 3, 4]", "int32[?]", 0, "int32[?, 3]"),
        ("float32[?]", "int32[?]", -1, "int32[?]"),
    ],
)
def test_there_is_one_number_for_each_entry_or_each_vector(like, required, axis, result):
    assert str(join(like, required, axis).result) == result


@pytest.mark.parametrize(
    ("like", "required", "axis", "said"),
    [
        ("float32[?, 4]", "int32[?]", 1, "is the vectors of which each gets one number"),
        ("float32[?, 4]", "int32[?]", 2, "there is no axis 2"),
        ("ragged int32[?, None]", "int32[?, 8]", 0, "expected a dense tensor of known rank"),
        ("float32[?, 4]", "float32[?]", 0, "expected a dense tensor of float64, int32, int64"),
    ],
)
def test_what_cannot_be_counted_is_said(like, required, axis, said):
    with pytest.raises(JunctionError, match=said):
        join(like, required, axis)


def test_a_place_beyond_the_table_is_refused():
    bind = {"range(ids, axis=1)": "position_ids", "ids": "ids"}
    inputs = {"ids": "int32[?, 600]", "position_ids": "int32[?, 600]"}
    facts = {"consumer": {"position_ids": {"meaning": "token_ids", "id_count": 512}}}
    report = sigcheck.check({"ids": "int32[?, 600]"}, inputs, bind=bind, facts=facts, verify="typed")
    assert (report.verdict, report.exit_code) == ("blocked", 1)
    assert "places up to 599, and ids below 512" in report.findings[0].message


def test_code_and_reference_are_of_the_same_sizes():
    like, step = parse_spec("float32[?, ?, 3]"), join("float32[?, ?, 3]", "int64[?, ?]", 1)
    assert places.emit([like], step, ["x"]).expression == (
        "tf.broadcast_to(tf.reshape(tf.cast(tf.range(tf.shape(x)[1]), tf.int64), [1, -1]), "
        "[tf.shape(x)[0], tf.shape(x)[1]])"
    )
    made = places.reference([like], step, [np.zeros((2, 4, 3), np.float32)])
    assert (made.tolist(), made.dtype) == ([[0, 1, 2, 3]] * 2, np.int64)


def test_the_row_of_each_box_follows_the_boxes():
    """Several boxes of a picture stand behind each other, and so do their rows."""
    bind = {"boxes": "boxes", "range(boxes, axis=0)": "box_indices"}
    inputs = {"boxes": "float32[?, 4]", "box_indices": "int32[?]"}
    # That boxes of all pictures are one batch is an assumption.
    policy = Policy(assume="warn")
    report = sigcheck.check({"boxes": "float32[?, 3, 4]"}, inputs, bind=bind, policy=policy, verify="typed")
    assert report.verdict == "adapts"
    made = report.adapter.to_numpy()({"boxes": np.zeros([2, 3, 4], np.float32)})
    assert made["box_indices"].tolist() == [0, 0, 0, 1, 1, 1]
    alone = {"boxes": "boxes", "range(scores, axis=0)": "box_indices"}
    producer = {"boxes": "float32[?, 3, 4]", "scores": "float32[?]"}
    assert sigcheck.check(producer, inputs, bind=alone, policy=policy, verify="typed").verdict == "undecided"


def test_the_output_that_is_counted_still_feeds():
    report = sigcheck.check(
        {"ids": "int32[?, 8]"},
        {"ids": "int32[?, 8]", "position_ids": "int32[?, 8]"},
        bind={"range(ids, axis=1)": "position_ids"},
        verify="typed",
    )
    assert [(one.provided, one.required) for one in report.bindings] == [
        ("ids", "ids"),
        ("range(ids, axis=1)", "position_ids"),
    ]
    assert report.exit_code == 0
