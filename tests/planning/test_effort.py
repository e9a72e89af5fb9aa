from sigcheck.planning.advice import find_ways, planned
from sigcheck.planning.effort import bounded_effort, may_explain, may_search, spend
from sigcheck.planning.explained import search
from sigcheck.planning.matching import feed
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import DEFAULT_POLICY
from sigcheck.schema.signature import Endpoint

WIDE, NARROW = parse_spec("float64[?, 16]"), parse_spec("float32[?, 16]")


def test_without_one_nothing_is_counted():
    spend(10**9)
    assert may_search()
    assert may_explain()


def test_what_is_spent_within_is_spent_without():
    with bounded_effort(100):
        with bounded_effort(1_000):
            spend(50)
            assert may_search()
            assert may_explain()
            spend(40)
            assert may_search()
            assert not may_explain()
            spend(20)
            assert not may_search()
        assert not may_search()


def test_what_is_not_searched_is_undecided_and_says_so():
    with bounded_effort(1):
        assert search(WIDE, NARROW).verdict == "adapts"
        found = search(WIDE, parse_spec("float32[?, 4, 4]"))
        assert (found.verdict, found.is_stopped, found.plan) == ("undecided", True, None)
        # What is certain without a search stays so.
        assert search(WIDE, WIDE).verdict == "fits"
        assert search(WIDE, parse_spec("string[?, 16]")).verdict == "blocked"
        assert find_ways(WIDE, NARROW, DEFAULT_POLICY, "undecided") == ()


def test_an_answer_for_want_of_effort_is_not_remembered():
    sides = parse_spec("float64[?, 31]"), parse_spec("float32[?, 31]"), DEFAULT_POLICY
    with bounded_effort(1):
        spend(1)
        assert planned(*sides).verdict == "undecided"
    assert planned(*sides).verdict == "adapts"


def test_inputs_that_are_all_different_end():
    """Three thousand of them took half an hour."""
    given = [Endpoint(name=f"x{at}", spec=parse_spec(f"float32[?, {at + 2}]")) for at in range(1_500)]
    taken = [Endpoint(name=f"x{at}", spec=parse_spec(f"int32[?, {at + 3}]")) for at in range(1_500)]
    match = feed(given, taken)
    verdicts = [binding.verdict for binding in match.bindings]
    assert len(verdicts) == 1_500
    assert verdicts[0] == "blocked"
    assert verdicts[-1] == "undecided"
    assert match.bindings[-1].is_cut_short
    # Why is told of the first.
    assert match.bindings[0].obstacle is not None
    assert match.bindings[-1].obstacle is None
