from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import scale

CASES = [
    ("float32[?, 3]", "float32[?, 3]", {"range": [-32768, 32767]}, {"range": [-1, 1]}),
    ("sparse float32[?, 9]", "float32[?, 9]", {"range": [0, 255]}, {"range": [-1, 1], "padding": {"value": 0}}),
    ("any[?, 3]", "float32[?, 3]", {"range": [0, 255]}, {"range": [0, 1]}),
    ("float32[?, 3]", "float32[?, 3]", {"range": [0, 255]}, {"range": [-1, 1]}),
    ("float64[?, 3]", "float64[?, 3]", {"range": [-1, 1]}, {"range": [0, 255]}),
    ("ragged float32[?, None]", "ragged float32[?, None]", {"range": [0, 255]}, {"range": [0, 1]}),
    ("ragged float32[?, None, None, 2]", "ragged float32[?, None, None, 2]", {"range": [1, 5]}, {"range": [0, 1]}),
    ("float32[*]", "float32[*]", {"range": [0, 255]}, {"range": [0, 1]}),
    ("sparse float32[?, 9]", "sparse float32[?, 9]", {"range": [0, 1]}, {"range": [0, 255]}),
]


@pytest.mark.parametrize(("theirs", "is_kept"), [((0, 255), True), ((0, 7.5), True), ((-1, 1), False), ((1, 2), False)])
def test_a_gap_of_a_sparse_tensor_is_a_zero_and_has_to_stay_one(propose, theirs, is_kept):
    sparse = "sparse float32[?, 9]"
    assert bool(propose("scale", sparse, sparse, {"range": [0, 1]}, {"range": theirs})) is is_kept
    # Once it is dense every zero is moved.
    assert propose("scale", sparse, "float32[?, 9]", {"range": [0, 1]}, {"range": theirs}) == []


@pytest.mark.parametrize(("ours", "theirs"), [({}, {"range": [0, 1]}), ({"range": [0, 255]}, {})])
def test_an_unknown_range_is_never_guessed(propose, ours, theirs):
    assert propose("scale", "float32[?]", "float32[?]", ours, theirs) == []


def test_ids_are_not_scaled(propose):
    facts = [{"meaning": "token_ids", "range": [0, 255]}, {"meaning": "token_ids", "range": [0, 1]}]
    assert propose("scale", "float32[?]", "float32[?]", *facts) == []


@pytest.mark.parametrize(("filled", "found"), [(-3, [-7]), (0, [])])
def test_the_padding_of_the_producer_is_scaled_with_it_where_no_value_may_become_it(propose, filled, found):
    ours, theirs = {"range": [0, 1], "padding": {"value": filled}}, {"range": [-1, 1], "padding": {"value": 0}}
    steps = propose("scale", "float32[?, 9]", "float32[?, 9]", ours, theirs)
    assert [step.result.facts.padding.value for step in steps] == found


def test_probabilities_are_brought_to_one_before_a_function_of_them(propose):
    shares = {"meaning": "probabilities", "range": [0, 255]}
    (step,) = propose("scale", "float32[?, 2]", "float32[?, 2]", shares, {"meaning": "log_probabilities"})
    assert step.arguments == {"from": (0, 255), "to": (0, 1)}


def test_ranges_of_two_meanings_are_not_compared(propose):
    facts = [{"meaning": "probabilities", "range": [0, 1]}, {"meaning": "log_probabilities", "range": [-20, 0]}]
    assert propose("scale", "float32[?, 2]", "float32[?, 2]", *facts) == []


def test_a_signed_range_on_a_signed_one_is_one_factor_and_one_shift():
    spec = parse_spec("float32[?]").replace(facts=Facts(range=(-32768, 32767)))
    (step,) = scale.propose(spec, spec.replace(facts=Facts(range=(-1, 1))))
    assert scale.emit(spec, step, "x").expression == "x / 32767.5 + 1.5259021896696368e-05"


def test_a_filling_that_the_consumer_declares_is_not_scaled_away(propose):
    """The filling stands for nothing in both encodings: rows are freed of it first."""
    facts = [{"range": [0, 255], "padding": {"value": "x"}}, {"range": [0, 1], "padding": {"value": 0}}]
    assert propose("scale", "float32[?, 9]", "float32[?, 9]", *facts) == []
