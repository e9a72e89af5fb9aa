from __future__ import annotations

import pytest

from sigcheck.planning.search import search
from sigcheck.rules.match import no_adapter, search_limit
from sigcheck.schema.notation import parse_spec


@pytest.fixture
def cut_short(match):
    """A match whose search a limit ended."""

    def build(*arguments, **options):
        view = match(*arguments, verdict="undecided", **options)
        (binding,) = view.bindings
        return type(view)(view.producer, view.consumer, bindings=(binding.model_copy(update={"is_cut_short": True}),))

    return build


def test_a_search_that_ended_at_its_limit_without_a_plan_says_so(cut_short, step):
    view = cut_short("float32[?, 16]", "float32[?, 1, 16]", nearest=[step("expand_dims", "float32[?, 1, 16]")])
    (finding,) = search_limit.find(view)
    assert finding.level == "error"
    assert finding.message == "the search ended at its limit without a plan; the nearest ends at float32[?, 1, 16]"
    assert finding.help.startswith("declare --fact producer.out.axes=b,c and --fact consumer.x.axes=batch,b,c; else ")
    assert finding.help.endswith("else declare the axes of out and of x, one name for what is one axis")
    assert list(no_adapter.find(view)) == []


def test_a_plan_that_may_have_rivals_is_shown_as_what_it_is(cut_short, step):
    view = cut_short("float32[?, 16]", "float32[?, 1, 16]", candidates=[(step("expand_dims", "float32[?, 1, 16]"),)])
    (finding,) = search_limit.find(view)
    assert finding.message == (
        "the search ended at its limit before all plans were seen; the one that is shown may not be the only one"
    )


def test_where_the_axes_are_declared_they_are_not_asked_for(cut_short):
    facts = {"axes": ("a", "b")}
    (finding,) = search_limit.find(cut_short("float32[?, 16]", "float32[?, 16]", gives=facts, wants=facts))
    assert finding.help == "bind another output, or write the adapter by hand"


def test_what_no_limit_ended_is_not_told(match):
    assert list(search_limit.find(match("float32[?, 16]", "float32[?, 1, 16]", verdict="undecided"))) == []


def test_no_pair_passes_and_none_is_blocked_after_a_limit():
    outcome = search(parse_spec("float32[?, ?, ?, ?]"), parse_spec("float32[?, ?, ?, ?, ?, ?, ?, ?]"))
    assert (outcome.verdict, outcome.plan, outcome.is_stopped) == ("undecided", None, True)
