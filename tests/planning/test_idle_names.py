from __future__ import annotations

from sigcheck.planning.growth import Node
from sigcheck.planning.idle_names import IdleNames
from sigcheck.planning.meaning import no_change
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Quantization
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy


def spec(text, *axes, **facts):
    return parse_spec(text).replace(facts=Facts(axes=axes or None, **facts))


def are_new(provided, required, *others):
    names = IdleNames(provided, required)
    return [names.is_new(Node(one, no_change(one))) for one in others]


ROW, WIDE = spec("float32[1, 3]", "height", "word"), spec("float32[1, 1, 3]", "width", "time", "word")
NAMED, UNNAMED = spec("float32[1, 1, 3]", None, "height", "word"), spec("float32[1, 1, 3]", None, None, "word")


def test_what_differs_in_idle_names_only_is_looked_at_once():
    assert are_new(ROW, WIDE, NAMED, UNNAMED, NAMED) == [True, False, False]


def test_a_name_that_the_consumer_has_tells_specs_apart():
    assert are_new(ROW, WIDE, spec("float32[1, 1, 3]", "width", "height", "word"), NAMED) == [True, True]
    rows = spec("float32[1, 3]", "time", "word")
    assert are_new(rows, WIDE, spec("float32[1, 1, 3]", None, "time", "word"), UNNAMED) == [True, True]


def test_names_of_more_than_one_entry_tell_specs_apart():
    assert are_new(ROW, WIDE, spec("float32[1, 2, 3]", None, "height", "word"), UNNAMED) == [True, True]
    pair = spec("float32[2, 3]", "height", "word"), WIDE
    assert are_new(*pair, spec("float32[1, 2, 3]", None, "height", "word"), spec("float32[1, 2, 3]")) == [True, True]


def test_what_happened_to_the_values_tells_specs_apart():
    names = IdleNames(ROW, WIDE)
    meaning = no_change(NAMED)
    assert names.is_new(Node(NAMED, meaning))
    assert names.is_new(Node(UNNAMED, meaning._replace(values=(("cast", "{}"),))))


def test_where_the_examples_and_the_channels_are_names_may_say():
    batch, bare = spec("float32[1, 1, 3]", None, "batch", "word"), UNNAMED
    assert are_new(spec("float32[1, 3]", "batch", "word"), WIDE, batch, bare) == [True, True]
    gray, left = spec("uint8[1, 1, 3]", None, "channel", "word"), spec("uint8[1, 1, 3]", None, None, "word")
    given, wanted = spec("uint8[1, 3]", "channel", "word"), spec("uint8[1, 1, 3]", "width", "time", "word")
    assert are_new(given, wanted, gray, left) == [True, False]
    numbers = Quantization(scale=(1.0, 2.0, 3.0), zero_point=(0, 0, 0), axis=2)
    assert are_new(given, wanted.replace(facts=wanted.facts.replace(quantization=numbers)), gray, left) == [True, True]


def test_where_not_all_axes_are_named_or_the_meaning_changes_names_may_say():
    assert are_new(ROW, spec("float32[1, 1, 3]", "width", None, "word"), NAMED, UNNAMED) == [True, True]
    assert are_new(ROW, spec("float32[1, 1, 3]"), NAMED, UNNAMED) == [True, True]
    other = WIDE.replace(facts=WIDE.facts.replace(meaning="logits"))
    assert are_new(ROW, other, NAMED, UNNAMED) == [True, True]


def test_axes_that_neither_side_calls_alike_do_not_use_up_a_search():
    """It ended at its limit, undecided, beside a plan of six steps."""
    provided = spec("float32[1, 3]", "height", "channel", range=(0.0, 1.0), channel_order="RGB")
    numbers = Quantization(scale=(0.0237154,), zero_point=(-127,))
    facts = {"range": (0.0, 6.0), "channel_order": "BGR", "quantization": numbers}
    required = spec("int8[1, 1, 1, 3, 1]", "batch", "feature", "width", "channel", "time", **facts)
    found = search(provided, required, Policy(loss="rounding"))
    assert (found.verdict, found.is_stopped, found.plan and len(found.plan.steps)) == ("adapts", False, 6)
