from __future__ import annotations

import pytest

from sigcheck.planning.reach import is_out_of_reach
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("int32[?, ?]", "float32[?, 96, 96, 3]"),
        ("float32[?]", "float32[?, 8, 8]"),
        ("float32[?, 5]", "float32[?, 2, 3, 4, 5]"),
        ("string[?]", "float32[?, 8, 8, 3]"),
        ("float32[?, 4]", "string[?]"),
    ],
)
def test_what_nothing_could_be_made_of_is_blocked_whatever_the_search_met(provided, required):
    pair = parse_spec(provided), parse_spec(required)
    assert is_out_of_reach(*pair)
    outcome = search(*pair)
    assert (outcome.verdict, outcome.is_stopped) == ("blocked", False)


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("float32[?, 32]", "float32[?, 40, 32]"),
        ("float32[?, 64]", "float32[?, 4, 4, 4]"),
        # Just as many as one new axis and the old one can be made.
        ("float32[?, 5]", "float32[?, 4, 4]"),
        ("float32[?, 4]", "float32[?, 4, 4]"),
        ("float32[?, ?, ?]", "float32[?, 4, 4]"),
        ("float32[?, 1, 1, 3]", "float32[?, 8, 8, 3]"),
        ("float32[8, 8, 3]", "float32[?, 8, 8, 3]"),
        ("ragged float32[?, None]", "float32[?, 8, 8]"),
        ("float32[*]", "float32[?, 8, 8]"),
    ],
)
def test_what_a_plan_could_join_is_left_to_the_search(provided, required):
    assert not is_out_of_reach(parse_spec(provided), parse_spec(required))


def test_a_meaning_may_bring_axes_and_numbers():
    files = parse_spec("string[?]").replace(facts=Facts(meaning="encoded_image"))
    assert not is_out_of_reach(files, parse_spec("float32[?, 8, 8, 3]"))
    for meaning in ("wav", "csv", "serialized_tensor"):
        held = parse_spec("string[?]").replace(facts=Facts(meaning=meaning))
        assert not is_out_of_reach(held, parse_spec("float32[?, 8]"))
    assert not is_out_of_reach(parse_spec("float32[?, 8]"), held)
    ids = parse_spec("int64[?]").replace(facts=Facts(meaning="class_ids"))
    shares = parse_spec("float32[?, 10]").replace(facts=Facts(meaning="probabilities"))
    assert not is_out_of_reach(ids, shares)
