from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from sigcheck.schema.example_features import Feature, Features
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec


@pytest.mark.parametrize(
    ("text", "count", "row", "may_be_absent"),
    [
        ("float32[3]", 3, 3, False),
        ("string[]", 1, 1, False),
        ("string[] optional", 1, 1, True),
        ("int64[?]", None, 1, True),
        ("int64[?, 2, 4]", None, 8, True),
        ("int64[] per_step", 1, 1, False),
        ("int64[2] optional per_step", 2, 2, True),
    ],
)
def test_a_feature_is_written_as_it_is_read(text, count, row, may_be_absent):
    feature = Feature.model_validate(text)
    assert (feature.count, feature.row, feature.may_be_absent) == (count, row, may_be_absent)
    assert str(feature) == feature.model_dump() == text


@pytest.mark.parametrize(
    "text",
    [
        "float64[3]",
        "float32",
        "float32[x]",
        "float32[3, ?]",
        "float32[3] often",
        "int64[] optional optional",
        "int64[99999999999999]",
        "",
        "int64[ 1 2 ]",
        "int64[-1]",
    ],
)
def test_what_is_no_feature_is_told_by_its_name(text):
    with pytest.raises(ValidationError, match="feature 'age'"):
        Features.model_validate({"age": text})


@pytest.mark.parametrize("told", [{}, {"age": 3}, {1: "int64[]"}, ["age"], "age"])
def test_features_are_names_with_what_they_hold(told):
    with pytest.raises(ValidationError):
        Features.model_validate(told)


def test_features_are_facts_that_survive_json():
    facts = Facts.model_validate({"features": {"words": "int64[?]", "named": "string[]"}})
    assert list(facts.features) == ["named", "words"]
    again = Facts.model_validate(json.loads(facts.model_dump_json()))
    assert again == facts
    assert hash(again) == hash(facts)
    alone = Features.model_validate({"named": "string[]"})
    assert (list(alone), alone.get("other")) == (["named"], None)


def spec_of(text, **facts):
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


def test_features_say_what_holds_them():
    once, in_steps = {"words": "int64[?]"}, {"words": "int64[] per_step"}
    assert spec_of("string[?]", features=once).facts.meaning == "serialized_example"
    assert spec_of("string[?]", features=in_steps).facts.meaning == "serialized_sequence_example"
    assert spec_of("string[?]", features=once, meaning="base64").facts.meaning == "base64"


@pytest.mark.parametrize(
    ("text", "meaning", "feature", "said"),
    [
        ("float32[?]", None, "int64[]", "features are held by strings"),
        ("string[?]", "encoded_image", "int64[]", "features are those of serialized Examples, not of encoded_image"),
        ("string[?]", "serialized_example", "int64[] per_step", "features per step are those of a serialized_seq"),
    ],
)
def test_features_are_held_by_what_has_some(text, meaning, feature, said):
    with pytest.raises(ValidationError, match=said):
        spec_of(text, features={"a": feature}, meaning=meaning)
