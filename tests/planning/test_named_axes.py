"""Names of axes bind: pairs that they decide, pairs that they forbid, and pairs that they leave as they were."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from sigcheck.planning.astray import displaces_name
from sigcheck.planning.meaning import meaning_of
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy

PASSING = frozenset({"fits", "adapts", "guarded"})


class Named(NamedTuple):
    """Shapes with the names of their axes, `-` for one without a name; `plan` is empty where nothing may pass."""

    shape: str
    names: str
    wanted: str
    wanted_names: str
    plan: str = ""

    def specs(self):
        return _spec(self.shape, self.names), _spec(self.wanted, self.wanted_names)


def _spec(shape, names):
    axes = tuple(None if name == "-" else name for name in names.split())
    return parse_spec(f"float32[{shape}]").replace(facts=Facts(axes=axes) if axes else Facts())


# A name is not merged away, split away, dropped or laundered by a reshape.
FORBIDDEN = [
    Named("8, ?", "feature batch", "?", "batch"),
    Named("?, 8", "batch feature", "?", "batch"),
    Named("?, 8", "batch feature", "?", "feature"),
    Named("4, 3", "height channel", "12", "height"),
    Named("4, 3", "height channel", "12", "channel"),
    Named("4, 3", "height channel", "12", "batch"),
    Named("4, 3", "height channel", "12", "width"),
    Named("4, 3", "time -", "12", "time"),
    Named("4, 3", "- time", "12", "time"),
    Named("?, 2", "time channel", "?", "time"),
    Named("1000, 2", "time channel", "2000", "time"),
    Named("?, 1000", "clip time", "?", "time"),
    Named("?, 1000", "batch time", "?", "time"),
    Named("5, 1000", "clip time", "5000", "time"),
    Named("?, 4, 32", "batch time feature", "?, 128", "batch feature"),
    Named("?, ?, 8", "batch time feature", "?, 8", "batch feature"),
    Named("?, 3", "batch candidate", "?", "pair"),
    Named("8, 3", "batch candidate", "24", "pair"),
    Named("8, 3", "batch candidate", "24", ""),
    Named("?, 3", "", "?", "batch"),
    Named("3, ?", "candidate batch", "?", ""),
    Named("12, 5", "batch feature", "3, 4, 5", "video frame feature"),
    Named("1, 8", "channel height", "3, 8", "batch height"),
    Named("1, 8", "view height", "3, 8", "batch height"),
    Named("?, ?, 8", "batch time feature", "?, 8", "time feature"),
    Named("?, 8", "time feature", "8", "feature"),
    Named("2", "channel", "1, 2", "other height"),
    Named("2", "channel", "1, 2", "batch height"),
    Named("12", "channel", "3, 4", "height channel"),
    Named("12", "channel", "3, 4", "height width"),
    Named("12, 5", "batch feature", "3, 4, 5", "batch time feature"),
    Named("?, 12", "batch time", "?, 3, 4", "batch time feature"),
    Named("3, 3, ?", "height width batch", "?, 9", "height feature"),
    Named("?, 10", "batch time", "10, ?", "time feature"),
    Named("?, 3", "height channel", "?, 3", "batch channel"),
    Named("?, 3", "batch height", "?, 3", "batch channel"),
]


@pytest.mark.parametrize("case", FORBIDDEN, ids=" ".join)
def test_a_name_is_not_merged_split_or_dropped(case):
    outcome = search(*case.specs())
    assert outcome.verdict not in PASSING, str(outcome.plan)


# What names decide passes, and assumes nothing.
DECIDED = [
    Named(
        "3, 3, ?",
        "height width batch",
        "?, 9",
        "batch feature",
        "transpose(perm=[2, 0, 1]), reshape(shape=[?, 9], groups=[[0], [1, 2]])",
    ),
    Named("?, 4, 4, 8", "batch height width channel", "?, 128", "batch feature", "reshape"),
    Named("?, 4, 4, 8", "batch height width channel", "?, 128", "batch -", "reshape"),
    Named("?, 4, 4, 8", "batch height width channel", "?, 128", "", "reshape"),
    Named("?, 4, 4, 8", "", "?, 128", "batch feature", "reshape"),
    Named("?, ?, ?, 8", "batch height width channel", "?, ?", "batch feature", "reshape"),
    Named("?, 4, 4, 8", "batch height width channel", "?, 16, 8", "batch pixel channel", "reshape"),
    Named("?, 4, 4, 8", "batch height width channel", "?, 4, 32", "batch height feature", "reshape"),
    Named("4, 4, 8", "height width channel", "8, 16", "channel pixel", "transpose reshape"),
    Named("4, 1, 3", "a - b", "3, 1, 4", "b - a", "transpose(perm=[2, 1, 0])"),
    Named("4, 1, 3", "a - b", "3, 4", "b a", "squeeze transpose"),
    Named("4, 3", "a b", "3, 1, 4", "b - a", "expand_dims transpose"),
    Named("4, 4, 1", "a b -", "4, 4", "b a", "squeeze transpose"),
    Named("8, 8, 1", "height width channel", "?, ?, ?", "batch height width", "expand_dims squeeze"),
    Named("8, 8, 8", "- height width", "8, 8, 8", "width height -", "transpose(perm=[2, 1, 0])"),
    Named("8, 8, 8", "batch height -", "8, 8, 8", "batch - height", "transpose(perm=[0, 2, 1])"),
    Named("?, ?, 3", "batch time channel", "?, 3, ?", "batch channel time", "transpose(perm=[0, 2, 1])"),
    Named("?, 1", "batch score", "?", "batch", "squeeze(axis=1)"),
    Named("?, 8", "batch feature", "?, 1, 8", "batch time feature", "expand_dims(axis=1)"),
    Named("4, 4", "clip time", "4, 4", "time clip", "transpose(perm=[1, 0])"),
]


@pytest.mark.parametrize("case", DECIDED, ids=" ".join)
def test_what_names_decide_passes_without_an_assumption(case):
    outcome = search(*case.specs())
    assert outcome.verdict in {"fits", "adapts"}, outcome
    assert outcome.plan.cost.assumptions == 0, str(outcome.plan)
    told = str(outcome.plan) if "(" in case.plan else " ".join(step.transform for step in outcome.plan.steps)
    assert sorted(told.split()) == sorted(case.plan.split()), str(outcome.plan)


# Words for one axis that differ from one vocabulary to the other are no contradiction.
@pytest.mark.parametrize(
    "case",
    [
        Named("?, 8", "clip position", "?, 8", "batch time"),
        Named("?, 8", "n hidden", "?, 8", "batch feature"),
        Named("?, 128", "batch feature", "?, 4, 4, 8", "batch height width channel"),
    ],
    ids=" ".join,
)
def test_names_that_may_be_words_for_one_axis_pass(case):
    assert search(*case.specs()).verdict in PASSING


def test_a_whole_example_is_fed_as_a_batch_of_one_whatever_its_axis_is_called():
    for names, wanted in (("", ""), ("batch feature", "feature"), ("n hidden", "hidden")):
        outcome = search(*Named("?, 10", names, "10", wanted).specs())
        assert (outcome.verdict, str(outcome.plan)) == ("guarded", "squeeze(axis=0)")


@pytest.mark.parametrize(("ours", "theirs"), [("", ""), ("a b c", "b c"), ("batch channel time", "channel time")])
def test_a_whole_example_with_an_open_axis_is_fed_as_a_batch_of_one_where_names_are_said_too(ours, theirs):
    outcome = search(*Named("?, 2, ?", ours, "2, ?", theirs).specs())
    assert (outcome.verdict, str(outcome.plan)) == ("guarded", "squeeze(axis=0)")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("- - - batch", "height - - -"), ("view time height batch", "height - - -"), ("- - - -", "- - - -")],
)
def test_no_padding_rivals_an_order_that_explains_all_sizes(ours, theirs):
    """The open axis could be filled up to the 5 that stands where the consumer leaves a size open."""
    outcome = search(*Named("5, 3, 8, ?", ours, "8, ?, 3, 5", theirs).specs())
    assert (outcome.verdict, str(outcome.plan)) == ("adapts", "transpose(perm=[2, 3, 1, 0])")
    assert outcome.plan.steps[0].assumption


@pytest.mark.parametrize(
    ("ours", "theirs"), [("- - b view", "view width - depth"), ("- - - view", "view - - -"), ("", "")]
)
def test_axes_that_stay_whole_are_moved_rather_than_taken_apart_and_put_together(ours, theirs):
    """With the 5 in front, 4 could become 2, 2 and the 2, 2 behind it 4."""
    outcome = search(*Named("4, 2, 2, 5", ours, "5, 2, 2, 4", theirs).specs())
    assert (outcome.verdict, str(outcome.plan)) == ("adapts", "transpose(perm=[3, 1, 2, 0])")
    assert outcome.plan.steps[0].assumption


def test_a_size_between_names_explains_where_the_others_belong():
    outcome = search(*Named("2, 3, 5", "b depth batch", "1, 5, 6", "one batch merged").specs())
    assert outcome.verdict == "adapts"
    assert [step.transform for step in outcome.plan.steps] == ["transpose", "reshape"]


def test_a_consumer_of_unknown_rank_with_fewer_names_is_not_fed():
    provided, required = _spec("?, 8, 3", "batch height channel"), parse_spec("float32[*]")
    assert search(provided, required.replace(facts=Facts(axes=("batch", "channel")))).verdict not in PASSING
    assert search(provided, required).verdict == "fits"


def test_ways_that_differ_in_names_alone_are_no_ambiguity():
    """Two new axes are named in either order, and a guard leaves no numbers to compare."""
    outcome = search(*Named("?, ?", "a b", "8, 1, ?, 1", "a u b v").specs())
    assert (outcome.verdict, outcome.candidates) == ("guarded", ())


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("int32[4]", ("height",)), ("int64[2, 2, ?]", ("width", "one", "time"))),
        (("int32[2, 3, 2]", ("time", "height", None)), ("int32[6, ?]", ("channel", None))),
        (
            ("int32[8, ?, 1, ?]", ("channel", None, "time", "width")),
            ("int64[2, 4, ?, 1]", ("height", "a", "width", "b")),
        ),
    ],
)
def test_no_name_is_laundered_by_what_is_split_or_merged_before_it_stands_in_its_place(ours, theirs):
    """A step before the last has no axes to keep a name of: what the whole chain does to it counts."""
    provided, required = (parse_spec(text).replace(facts=Facts(axes=axes)) for text, axes in (ours, theirs))
    outcome = search(provided, required, Policy(loss="truncating"))
    assert outcome.plan is None
    assert not any(displaces_name(meaning_of(one.steps, provided), provided, required) for one in outcome.candidates)
