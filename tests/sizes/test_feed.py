from __future__ import annotations

import doctest

import pytest

from sigcheck.schema.constraint import Constraint
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.sizes import feed
from sigcheck.sizes.feed import judge
from sigcheck.sizes.judged import NO_SIZES
from sigcheck.sizes.stated import expressed

P = Endpoint(name="p", spec=parse_spec("float32[?, ?, 3]"), sizes=("batch", "t", 3))
Q = Endpoint(name="q", spec=parse_spec("float32[?, ?, 2]"), sizes=("batch", "t", 2))


def judged(*holds, **shapes):
    return judge([P, Q], [Constraint(holds=one) for one in holds], shapes)


def test_the_examples_of_the_docstring():
    assert doctest.testmod(feed).failed == 0


@pytest.mark.parametrize(
    ("holds", "size", "nearest"),
    [
        ("t % 4 == 0", 30, (28, 32)),
        ("t <= 64", 80, (64,)),
        ("t >= 7", 3, (7,)),
        ("t >= 7", 7, None),
        ("t % 4 == 0 and t >= 8 or t == 2", 3, (2, 8)),
        ("t % 4 == 0 and t >= 8 or t == 2", 2, None),
        ("3 <= t <= 5", 6, (5,)),
        ("max(0, t - 2) == min(t, 5)", 7, None),
        ("t == 10**4", 3, ()),
    ],
)
def test_a_size_that_is_fed_is_put_in(holds, size, nearest):
    found = judged(holds, p=(None, size, 3))
    assert [one.nearest for one in found.unmet] == ([] if nearest is None else [nearest])
    assert found.undecided == ()


def test_all_constraints_on_a_size_count_for_the_nearest():
    first, second = judged("t % 4 == 0", "t >= 9", p=(None, 6, 3)).unmet
    assert first.nearest == second.nearest == (12,)


def test_what_is_open_on_both_sides_is_told():
    found = judged("t % 4 == 0", "batch == 1", p=(None, None, 3), q=(None, None, 2))
    assert found.unmet == ()
    assert [(one.holds, one.inputs) for one in found.undecided] == [
        ("axis 1 of q == axis 1 of p", ("q", "p")),
        ("t % 4 == 0", ("p", "q")),
        ("batch == 1", ("p", "q")),
    ]


def test_what_one_input_is_fed_must_be_what_all_of_its_name_are_fed():
    (told,) = judged("t % 4 == 0", p=(None, 8, 3), q=(None, None, 2)).undecided
    assert (told.holds, told.inputs) == ("axis 1 of q == axis 1 of p", ("q", "p"))


@pytest.mark.parametrize(
    ("size", "given", "unmet", "follows"),
    [
        ("2*(h // 2)", [], [], ["2*(h // 2) - 4*(h // 4) == 0"]),
        ("4*(h // 2)", [], [], []),
        ("h // 2", ["h % 8 == 0"], [], []),
        ("4*n + 2", [], ["t % 4 == 0"], []),
        ("4*n + r", [], [], ["r % 4 == 0"]),
        ("h // 2", ["h % 8 == 4"], ["t % 4 == 0"], []),
        ("max(h, 8) + 1", ["h <= 8"], ["t % 4 == 0"], []),
    ],
)
def test_what_follows_from_the_sizes_of_a_producer_is_proved_or_demanded_of_these(size, given, unmet, follows):
    said = [Constraint(holds=one) for one in given]
    found = judge([P], [Constraint(holds="t % 4 == 0")], {"p": (None, expressed(size), 3)}, said)
    assert [one.holds for one in found.unmet] == unmet
    assert [str(one.follows) for one in found.undecided] == follows


def test_demands_that_no_size_meets_together_fail_at_the_second():
    n = expressed("n")
    apart = Endpoint(name="q", spec=parse_spec("float32[?, ?, 2]"), sizes=("batch", "s", 2))
    said = [Constraint(holds="t % 2 == 0"), Constraint(holds="s % 2 == 0")]
    found = judge([P, apart], said, {"p": (None, n, 3), "q": (None, n + 1, 2)})
    assert [(one.holds, one.sizes) for one in found.unmet] == [("s % 2 == 0", (("s", "n + 1"),))]
    assert [one.holds for one in found.undecided] == ["t % 2 == 0"]


def test_two_inputs_are_fed_one_size_where_their_producers_say_so():
    n = expressed("n")
    same = judge([P, Q], [], {"p": (None, 2 * n, 3), "q": (None, n + n, 2)})
    assert (same.unmet, same.undecided) == ((), ())
    assert [one.holds for one in judge([P, Q], [], {"p": (None, n, 3), "q": (None, n + 1, 2)}).unmet] == [
        "axis 1 of q == axis 1 of p"
    ]


def test_two_inputs_of_one_name_are_fed_one_size():
    (unmet,) = judged(p=(None, 5, 3), q=(2, 6, 2)).unmet
    assert unmet.sizes == (("axis 1 of q", 6), ("axis 1 of p", 5))
    assert unmet.places == (("q", 1), ("p", 1))


def test_of_an_input_that_is_not_fed_and_of_nothing_there_is_nothing_to_tell():
    assert judged("t % 4 == 0") == NO_SIZES
    assert judged("t % 4 == 1", p=(None, 0, 3)).unmet == ()
    assert judged("t % 4 == 0", p=None) == NO_SIZES


@pytest.mark.parametrize("holds", ["t // (t - 5) == 3", "t**8 * t**8 * t**8 >= 0", "(t**8)**8 == 1"])
def test_what_divides_by_nothing_or_overflows_is_no_claim(holds):
    assert judged(holds, p=(None, 5, 3) if "//" in holds else (None, 2**40, 3)).unmet == ()


def test_an_expression_of_an_input_is_a_constraint_too():
    double = Endpoint(name="d", spec=parse_spec("float32[?, ?]"), sizes=("batch", "2*t"))
    assert judge([P, double], [], {"p": (1, 4, 3), "d": (1, 8)}) == NO_SIZES
    assert [one.holds for one in judge([P, double], [], {"p": (1, 4, 3), "d": (1, 7)}).unmet] == ["2*t == 7"]


def test_an_expression_of_no_size_is_met_by_its_number_alone():
    fixed = Endpoint(name="d", spec=parse_spec("float32[?, ?]"), sizes=("batch", "2*3"))
    assert judge([fixed], [], {"d": (1, 6)}) == NO_SIZES
    assert [one.holds for one in judge([fixed], [], {"d": (1, 7)}).unmet] == ["2*3 == 7"]
