from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.schema.size_text import parse_constraint
from sigcheck.sizes.choice import greater, less
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import TooLargeError, Variable, constant, variable
from sigcheck.sizes.least import least_of
from sigcheck.sizes.summary import clashing, summarize

N = variable("n")
SIZES = range(1, 260)


@st.composite
def lines(draw, depth=3):
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(st.sampled_from([N, N, constant(1), constant(3), constant(8)]))
    one, other, k = draw(lines(depth=depth - 1)), draw(lines(depth=depth - 1)), draw(st.integers(1, 5))
    made = [one + other, one - other, one * k, one // k, greater(one, other), less(one, other)]
    return draw(st.sampled_from(made))


@st.composite
def conditions(draw):
    relation = draw(st.sampled_from(["equal", "at_least", "alike"]))
    return Condition(relation, draw(lines()), draw(lines()))


@settings(deadline=None, max_examples=150)
@given(st.lists(conditions(), min_size=1, max_size=3))
def test_what_is_said_is_what_is_demanded(demanded):
    told = summarize(demanded)
    met = [n for n in SIZES if all(one.holds({Variable("n"): n}) for one in demanded)]
    clash = clashing(demanded)
    assert not any(all(one.holds({Variable("n"): n}) for one in clash) for n in SIZES if clash)
    if told is None:
        assert met == []
        assert clash != ()
        return
    for one in told:
        parse_constraint(one.holds)
    said = [n for n in SIZES if all(eval(one.holds, {"n": n, "min": min, "max": max}) for one in told)]
    assert said == met


@settings(deadline=None, max_examples=150)
@given(conditions())
def test_a_least_size_is_one_below_which_it_fails(condition):
    found = least_of(condition)
    if found is not None:
        assert not any(condition.holds({Variable("n"): n}) for n in range(1, min(found[1], 260)))
        assert condition.holds({Variable("n"): found[1]})


@settings(deadline=None, max_examples=150)
@given(lines(), lines())
def test_fewer_words_say_the_same(one, other):
    told = Condition("equal", one * N * 4, other * N * 6)
    try:
        fewer = list(told.simplified())
    except TooLargeError:
        return
    for n in range(1, 60):
        assert told.holds({Variable("n"): n}) == all(each.holds({Variable("n"): n}) for each in fewer)


@pytest.mark.parametrize(
    ("demanded", "said"),
    [
        ([Condition("equal", 4 * (N // 4), N)], ["n % 4 == 0"]),
        ([Condition("equal", 4 * (N // 4), N), Condition("at_least", N, constant(7))], ["n % 4 == 0", "n >= 8"]),
        ([Condition("at_least", constant(64), N)], ["n <= 64"]),
        ([Condition("at_least", (N - 3) // 2, constant(2))], ["n >= 7"]),
        ([Condition("alike", N, constant(6))], ["n == 1 or n == 6"]),
        ([Condition("equal", N, constant(1))], ["n == 1"]),
        ([Condition("at_least", N * N, constant(9))], ["n**2 >= 9"]),
    ],
)
def test_it_is_said_as_people_would(demanded, said):
    told = summarize(demanded)
    assert told is not None
    assert [one.holds for one in told] == said
