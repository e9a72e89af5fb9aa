from __future__ import annotations

import pytest

SCORES, IDS = {"meaning": "logits"}, {"meaning": "class_ids"}
EACH = {"normalization": {"mean": [1, 2, 3], "std": [1, 1, 5]}}
CASES = [
    ("any[?, 10]", "int64[?]", SCORES, IDS),
    ("float32[?, 10]", "int32[?]", {"meaning": "probabilities"}, IDS),
    ("float32[?, 4, 5]", "int32[?, 4]", SCORES, IDS),
    ("float16[?, 3]", "int64[?]", SCORES, IDS),
    ("float32[?, 3]", "int32[?]", SCORES, IDS),
    ("float32[5, ?]", "uint8[?]", {**SCORES, "axes": ["class", "batch"]}, IDS),
    ("float32[?, 7, 5]", "int32[?, 7]", SCORES, {"meaning": "token_ids", "id_count": 5}),
    ("float32[?, 5, 4, 3]", "int64[?, 4, 3]", {**SCORES, "axes": ["batch", "channel", "height", "width"]}, IDS),
    ("int8[?, 5]", "int64[?]", {**SCORES, "quantization": {"scale": 0.5, "zero_point": 3}}, IDS),
]


def test_the_scores_are_gone(propose):
    (step,) = propose("argmax", "float32[?, 10]", "int64[?]", SCORES, IDS)
    assert (step.loss, step.assumption, step.result.facts.id_count) == ("irreversible", None, 10)


@pytest.mark.parametrize("shape", ["[?, 1]", "[?, ?]", "[?, 0]", "[]"])
def test_without_two_classes_there_is_no_greatest(propose, shape):
    assert propose("argmax", f"float32{shape}", "int64[?]", SCORES, IDS) == []


TOKENS = {"meaning": "token_ids"}


@pytest.mark.parametrize("facts", [({}, IDS), (SCORES, {}), (SCORES, TOKENS), (SCORES, {**TOKENS, "id_count": 11})])
def test_meanings_are_never_guessed(propose, facts):
    assert propose("argmax", "float32[?, 10]", "int64[?]", *facts) == []


def test_classes_are_tokens_where_there_are_as_many(propose):
    (step,) = propose("argmax", "float32[?, 7, 10]", "int64[?, 7]", SCORES, {**TOKENS, "id_count": 10})
    assert (step.result.facts.meaning, step.arguments["axis"]) == ("token_ids", 2)


def test_no_axis_of_a_picture_holds_classes(propose):
    gives = {"meaning": "logits", "axes": ["batch", "channel", "height", "width"]}
    (step,) = propose("argmax", "float32[?, 5, 8, 9]", "int64[?, 8, 9]", gives, IDS)
    assert (step.arguments["axis"], step.assumption) == (1, "the classes are axis 1")
    bare = {"meaning": "logits", "axes": ["batch", "height", "width"]}
    assert propose("argmax", "float32[?, 8, 9]", "int64[?, 8]", bare, IDS) == []


def test_the_axis_of_classes_stays_where_the_consumer_has_it(propose):
    gives = {"meaning": "logits", "axes": ["batch", "class"]}
    shapes = ("float32[?, 10]", "int64[?]")
    (step,) = propose("argmax", *shapes, gives, {"meaning": "class_ids", "axes": ["batch"]})
    assert step.result.facts.axes == ("batch",)
    assert propose("argmax", *shapes, gives, {"meaning": "class_ids", "axes": ["class"]}) == []


def test_scores_that_are_normalized_one_by_one_are_not_compared(propose):
    ids = {"meaning": "class_ids"}
    assert propose("argmax", "float32[?, 3]", "int64[?]", {"meaning": "logits", **EACH}, ids) == []


def test_the_id_stands_where_the_consumer_has_one_entry_along_the_axis(propose):
    pair = ({**SCORES, "axes": ["batch", "channel", "time"]}, {**IDS, "axes": ["batch", "time", "channel"]})
    (step,) = propose("argmax", "float32[?, 5, 9]", "int64[?, 9, 1]", *pair)
    assert (step.arguments["axis"], step.result.facts.axes) == (1, ("batch", "time"))
    assert propose("argmax", "float32[?, 5, 9]", "int64[?, 9, 5]", *pair) == []
