from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.verification.model_inputs import SIZES, input_cases


def endpoint(text, name="a", **facts):
    return Endpoint(name=name, spec=parse_spec(text).replace(facts=Facts(**facts)))


def test_all_inputs_of_a_case_have_one_batch():
    for case in input_cases([endpoint("float32[?, 4]"), endpoint("int32[?, ?]", "b")]):
        assert case.shapes["a"][0] == case.shapes["b"][0] == len(case.values["a"])


def test_sizes_are_small_and_large_and_the_same_specs_give_the_same_values():
    first, second = list(input_cases([endpoint("float32[?, ?]")])), list(input_cases([endpoint("float32[?, ?]")]))
    assert [case.shapes["a"] for case in first] == list(SIZES)
    assert all(np.array_equal(one.values["a"], two.values["a"]) for one, two in zip(first, second, strict=True))
    assert first[0].name == "a [3, 5]"


def test_known_sizes_are_kept_with_other_values_each_time():
    cases = list(input_cases([endpoint("float32[2, 3]")]))
    assert {case.shapes["a"] for case in cases} == {(2, 3)}
    assert len({case.values["a"].tobytes() for case in cases}) == len(cases)


@pytest.mark.parametrize(
    ("made", "low", "high"),
    [
        (endpoint("int64[?, 9]"), 0, 9),
        (endpoint("uint8[?, 99]"), 0, 255),
        (endpoint("float32[?, 99]"), -1, 1),
        (endpoint("float32[?, 99]", range=(5, 7)), 5, 7),
        (endpoint("int32[?, 99]", meaning="token_ids", id_count=3), 0, 2),
    ],
)
def test_values_are_such_as_a_model_may_take(made, low, high):
    values = np.concatenate([case.values["a"].ravel() for case in input_cases([made])])
    assert low <= values.min() < values.max() <= high


def test_ragged_and_sparse_inputs_are_whole():
    ragged = [case.values["a"] for case in input_cases([endpoint("ragged int32[?, None]")])]
    assert all(value.row_splits[0][-1] == len(value.values) for value in ragged)
    for case in input_cases([endpoint("sparse float32[?, 6]")]):
        assert (case.values["a"].indices < case.shapes["a"]).all()


def test_optional_inputs_are_left_out_and_what_cannot_be_made_gives_no_case():
    optional = Endpoint(name="b", spec=parse_spec("float32[?]"), optional=True)
    assert next(input_cases([endpoint("float32[?]"), optional])).values.keys() == {"a"}
    assert list(input_cases([endpoint("resource[]")])) == []
    assert list(input_cases([endpoint("float32[?, 99999999]")])) == []


def test_inputs_that_no_array_or_too_many_rows_would_hold_are_not_made():
    for text in (f"float32[{', '.join('?' * 80)}]", f"ragged int64[?{', None' * 40}]"):
        assert list(input_cases([endpoint(text)])) == []
