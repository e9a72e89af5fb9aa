"""A help says what leads on, and leaves out what does not."""

from __future__ import annotations

import pytest

from sigcheck.rules.views.tried import SEE, follow, keep_leading, options_of
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding

PADDING = """--fact 'consumer.x.padding={"value":0}'"""


def binding(provided, required, verdict="blocked"):
    specs = {"provided_spec": parse_spec(provided), "required_spec": parse_spec(required)}
    return Binding(provided="y", required="x", verdict=verdict, **specs)


CUT = binding("float32[?, 16]", "int32[?, 16]")
FILLED = binding("int32[?, 100]", "int32[?, 128]", "undecided")


@pytest.mark.parametrize(
    ("text", "pair", "kept"),
    [
        ("allow it with --loss truncating", CUT, "allow it with --loss truncating"),
        (
            "declare it with --fact consumer.x.range=0,1; or allow it with --loss truncating",
            CUT,
            "allow it with --loss truncating",
        ),
        (
            f"accept it with --pad-value 0; or declare it with {PADDING}",
            FILLED,
            f"declare it with {PADDING}; or accept it with --pad-value 0",
        ),
        ("cut it with --loss truncating", FILLED, f"declare {PADDING}"),
        (f"{SEE}; or declare it with {PADDING}", FILLED, f"declare it with {PADDING}"),
        ("no transform leads there", FILLED, f"declare {PADDING}; else no transform leads there"),
        ("allow it with --allow guard_ids", CUT, "bind another output, or write the adapter by hand"),
        ("declare --fact producer.y.axes=NAME,NAME,...", CUT, "bind another output, or write the adapter by hand"),
    ],
)
def test_an_error_says_what_leads_on(text, pair, kept):
    assert keep_leading(text, pair, Policy(), "error") == kept


def test_what_lets_values_be_made_up_comes_last():
    rows = binding("float32[?, 9]", "float32[?]", "undecided")
    text = "accept what is made up for any input, with --assume warn; or call the consumer for each row, with --map"
    mapped, accepted = text.split("; or ")[::-1]
    assert keep_leading(text, rows, Policy(), "error") == f"{mapped}; or {accepted}"


def test_a_smaller_finding_leaves_it_to_the_error():
    assert keep_leading("cut it with --loss truncating", FILLED, Policy(), "warning") == ""


def test_options_are_followed_together_and_each_in_its_place():
    denied = Policy(deny=("cast",), guard=False)
    wide = binding("int64[?]", "int32[?]")
    assert follow("allow it with --no-guard", wide, denied).verdict == "blocked"
    assert follow("leave out --deny cast and --no-guard", wide, denied).verdict == "guarded"
    assert [one.name for one in options_of("--loss exact and --pad-value 0")] == ["loss", "pad_value"]
