from __future__ import annotations

import pytest

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.planning.matching import feed
from sigcheck.schema.example_features import Feature
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.example_message import UnreadExampleError, read_feature, write_example

FEATURES = {"age": "float32[3]", "words": "int64[?]", "pairs": "int64[?, 2]", "name": "string[]", "size": "int64[2, 2]"}
HELD = {"features": {**FEATURES, "maybe": "int64[] optional"}}
CASES = [
    *(([("string[?]", HELD)], ["float32[?]"], [name]) for name in FEATURES),
    *(([("string[]", HELD)], ["float32[?]"], [name]) for name in FEATURES),
    ([("string[4]", HELD)], ["float32[?]"], ["age"]),
    ([("string[?]", {"features": {"##[x] ä": "int64[?]"}})], ["ragged int64[?, None]"], ["##[x] ä"]),
]


def endpoint(name, text, **facts):
    return Endpoint(name=name, spec=parse_spec(text).replace(facts=Facts.model_validate(facts)))


def test_each_input_gets_its_feature():
    inputs = [
        endpoint("age", "float32[?, 3]"),
        endpoint("ids", "ragged int32[?, None]"),
        endpoint("name", "string[?, 1]"),
    ]
    bind = {"parse_examples(examples)": ["age", "name"], "parse_examples(words=examples)": "ids"}
    match = feed([endpoint("examples", "string[?]", **HELD)], inputs, bind)
    told = {one.required: (one.verdict, [step.transform for step in one.steps]) for one in match.bindings}
    assert told == {
        "age": ("guarded", ["parse_examples"]),
        "ids": ("guarded", ["parse_examples", "cast"]),
        "name": ("guarded", ["parse_examples", "expand_dims"]),
    }


@pytest.mark.parametrize(
    ("given", "name", "said"),
    [
        (("string[?]", {}), "age", "nothing says which features the Examples hold"),
        (("string[?]", HELD), "weight", "the feature weight is none of theirs, which are age, maybe, name"),
        (("string[?]", HELD), "maybe", "the feature maybe may be absent"),
        (("string[?, 2]", HELD), "age", "expected one serialized Example, or a batch"),
        (("int64[?]", {}), "age", "expected one serialized Example, or a batch"),
        (("string[?]", {"meaning": "base64", **HELD}), "age", "base64 is given"),
    ],
)
def test_what_holds_no_such_feature_is_said(joined, given, name, said):
    with pytest.raises(JunctionError, match=said):
        joined("parse_examples", [given], ["float32[?]"], [name])


AGE = Feature.model_validate("float32[2]")
OLD = ("float32", [1.0, 2.0])


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (write_example({}), "has no feature"),
        (write_example({"age": ("int64", [1, 2])}), "is int64, not float32"),
        (write_example({"age": ("float32", [1.0])}), "has 1 values"),
        (write_example({"age": OLD})[:-1], "cut off"),
        (b"a", "cut off"),
        (b"\x00\xff", "cut off"),
        (b"\xff" * 12, "cut off"),
    ],
)
def test_what_cannot_be_parsed_is_refused(example, said):
    with pytest.raises(UnreadExampleError, match=said):
        read_feature(example, "age", AGE)


def test_fields_that_are_not_known_are_passed_by():
    beside = b"\x10\x05\x1d\0\0\0\0\x21\0\0\0\0\0\0\0\0"
    assert read_feature(write_example({"age": OLD}) + beside, "age", AGE) == [1.0, 2.0]
    assert read_feature(beside, "words", Feature.model_validate("int64[?]")) == []
    # Numbers that are not packed, as old writers left them.
    unpacked = b"\n\x0e\n\x0c\n\x01a\x12\x07\x1a\x05\x08\x01\x08\xac\x02"
    assert read_feature(unpacked, "a", Feature.model_validate("int64[?]")) == [1, 300]
