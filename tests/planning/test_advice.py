"""What is advised was tried: with it the pair has a better verdict."""

from __future__ import annotations

import pytest

from sigcheck.planning.advice import declared, find_together, find_ways, is_better, is_helped
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.obstacle import Declaration
from sigcheck.schema.policy import Policy


def pair(provided, required, ours=None, theirs=None):
    return tuple(
        parse_spec(text).replace(facts=Facts.model_validate(facts or {}))
        for text, facts in ((provided, ours), (required, theirs))
    )


def first(specs):
    led = find_ways(*specs, Policy(), search(*specs).verdict)
    return led and " ".join(f"{one.side}.{one.fact}={one.value}" for one in led[0].way)


@pytest.mark.parametrize(
    ("specs", "way"),
    [
        (pair("int32[?, 100]", "int32[?, 128]"), 'consumer.padding={"value":0}'),
        (pair("float32[?, ?, ?, 3]", "float32[?, 3, ?, ?]"), "producer.axes=batch,height,width,channel"),
        (pair("uint8[?, ?, 3]", "float32[?, 32, 32, 3]"), "producer.axes=height,width,channel"),
        (pair("float32[?, 32]", "float32[?, 40, 32]"), "producer.axes=b,c consumer.axes=batch,b,c"),
        (pair("float32[?, 8, 8, 1]", "float32[?, 8, 8, 3]"), "producer.channel_order=GRAY consumer.channel_order=RGB"),
        (
            pair(
                "uint8[?, 4]",
                "int8[?, 4]",
                {"range": [0, 255]},
                {"quantization": {"scale": 0.00392156862745098, "zero_point": -128}},
            ),
            "consumer.range=0,1",
        ),
        (
            pair("float32[?, 50, 4]", "float32[?, 50, 4]", {"padding": {"value": 0}}, {"padding": {"value": -1}}),
            "producer.axes=batch,time,channel",
        ),
        (
            pair("float32[?, 9, 4, 2]", "float32[?, 9, 4, 2]", {"padding": {"value": 0}}, {"padding": {"value": -1}}),
            "producer.axes=batch,time,a,b",
        ),
        (pair("string[?]", "int64[?]"), "producer.meaning=class_ids consumer.meaning=class_ids"),
    ],
)
def test_the_fact_that_settles_most_comes_first(specs, way):
    assert first(specs).startswith(way)


@pytest.mark.parametrize(
    "specs",
    [
        pair("int32[?, 128]", "int32[?, 100]"),
        pair("float32[?, 16]", "int32[?, 16]"),
        # What numbers a text writes out nothing says: logits are the least likely.
        pair("string[?]", "float32[?]"),
    ],
)
def test_where_no_fact_leads_on_none_is_named(specs):
    assert first(specs) == ()


def test_what_needs_both_is_named_with_both():
    specs = pair("float32[?, 2]", "float32[?]", {"meaning": "probabilities"})
    assert first(specs) == ()
    found = find_together(*specs, Policy(), "blocked")
    assert {one.allow for one in found} == {"--loss irreversible", "--loss truncating"}


def test_shares_of_one_are_stored_in_bytes_by_their_ranges():
    specs = pair("float32[?, 2]", "uint8[?, 2]", {"meaning": "probabilities"})
    (found,) = find_together(*specs, Policy(), "blocked")
    told = [f"{one.side}.{one.fact}={one.value}" for one in found.declare]
    assert (told, found.allow) == (["producer.range=0,1", "consumer.range=0,255"], "--loss truncating")


def test_a_guard_is_as_good_as_a_pass_and_nothing_is_better_than_itself():
    assert is_better("guarded", "undecided")
    assert is_better("undecided", "blocked")
    assert not is_better("adapts", "guarded")
    assert not is_better("blocked", "blocked")


@pytest.mark.parametrize(("fact", "value"), [("axes", "a,b,c"), ("range", "1,0"), ("rang", "0,1")])
def test_what_cannot_be_declared_is_no_way(fact, value):
    specs = pair("float32[?, 3]", "float32[?, 3]")
    assert declared((Declaration(side="producer", fact=fact, value=value),), *specs) is None


@pytest.mark.parametrize("options", [{"allow": ("first",)}, {"allow": ("first",), "pad_value": 0}])
def test_one_entry_of_many_that_is_filled_up_is_no_help(options):
    outcome = search(*pair("float32[1, 1, 17, 3]", "float32[?, 34]"), Policy(**options))
    assert not is_helped(outcome, "blocked")


def test_what_rows_say_is_no_text_of_them():
    """Digits are written where shape and kind are those of the text."""
    assert first(pair("ragged int32[?, None]", "string[?]")) == ()
    assert first(pair("int32[?]", "string[?]")) == "producer.meaning=class_ids consumer.meaning=class_ids"


def test_a_range_is_told_to_its_last_digit():
    specs = pair("float32[?, 8, 8, 3]", "int32[?, 8, 8, 3]", {"range": (0, 16777215)})
    (led, *_) = find_ways(*specs, Policy(), "blocked")
    assert Declaration(side="consumer", fact="range", value="0,16777215") in led.way
