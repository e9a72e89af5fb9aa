from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.matching import feed
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms import BY_NAME
from sigcheck.verification.job import Job
from sigcheck.verification.joined_cases import group_joined, joined_cases, shared_cases
from sigcheck.verification.reference import run_binding
from sigcheck.verification.value_cases import NoValuesError


def ends(specs):
    return [Endpoint(name=name, spec=parse_spec(text)) for name, text in specs.items()]


def match_of(outputs, required="float32[?, 8]"):
    return feed(ends(outputs), ends({"x": required}), dict.fromkeys(outputs, "x"))


def test_outputs_that_a_binding_joins_stand_in_one_group():
    outputs = ends({"a": "float32[?, 3]", "b": "float32[?, 5]", "c": "float32[?]"})
    bindings = feed(outputs, ends({"x": "float32[?, 8]", "c": "float32[?]"}), {"a": "x", "b": "x"}).bindings
    assert [sorted(one.name for one in group) for group in group_joined(outputs, bindings)] == [["c"], ["a", "b"]]


def test_sizes_agree_and_parts_of_one_spec_have_other_values():
    outputs = {"a": "float32[?, 4]", "b": "float32[?, 4]"}
    (binding,) = match_of(outputs).bindings
    cases = list(joined_cases(ends(outputs), [binding]))
    batches = {(len(case["a"].value), len(case["b"].value)) for case in cases}
    assert {(3, 3), (0, 0), (1, 1), (7, 7)} <= batches
    # A batch that is not the same in both is tried too.
    assert {(3, 4), (4, 3)} <= batches
    assert not np.array_equal(cases[0]["a"].value, cases[0]["b"].value)


def test_some_values_agree_with_their_lengths():
    outputs = {"a": "int32[?]", "b": "int64[?]"}
    wanted = ends({"x": "ragged int32[?, None]"})
    (binding,) = feed(ends(outputs), wanted, {"ragged_by_lengths(a, b)": "x"}).bindings
    cases = list(joined_cases(ends(outputs), [binding]))
    assert any(0 < case["b"].value.sum() == len(case["a"].value) for case in cases if len(case["b"].value))


def test_what_has_no_values_is_said():
    outputs = {"a": "variant[?]", "b": "int64[?]"}
    with pytest.raises(NoValuesError):
        list(joined_cases(ends(outputs), []))


def test_a_job_that_is_sent_keeps_the_parts():
    outputs = {"a": "float64[?, 3]", "b": "float32[?, 5]"}
    (binding,) = match_of(outputs).bindings
    job = Job(
        source="", provided=tuple(ends(outputs)), required=tuple(ends({"x": "float32[?, 8]"})), bindings=(binding,)
    )
    (sent,) = Job.model_validate(job.to_dict()).bindings
    assert [part.provided for part in sent.parts] == ["a", "b"]
    values = {"a": np.full((2, 3), 0.1), "b": np.ones((2, 5), np.float32)}
    made = run_binding(BY_NAME, sent, values)
    assert (made.shape, made.dtype) == ((2, 8), np.float32)
    assert [one.name for one in job.used] == ["a", "b"]


def test_all_outputs_have_one_batch_together():
    outputs = {"a": "string[?, 3]", "b": "ragged int32[?, None]", "c": "float32[?]"}
    cases = list(shared_cases(ends(outputs), []))
    counts = [{len(case["a"].value), len(case["b"].value.row_splits[0]) - 1, len(case["c"].value)} for case in cases]
    assert counts == [{2}, {1}, {5}, {0}]


def test_outputs_without_a_batch_that_is_known_are_not_tried_as_one():
    assert list(shared_cases(ends({"a": "float32[8, ?]", "b": "float32[?]"}), [])) == []
