from __future__ import annotations

import pytest

from sigcheck.planning.matching import feed
from sigcheck.planning.unchecked import list_unchecked
from sigcheck.schema.facts import Facts
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint


def lines(provided, required, gives=None, wants=None):
    def end(name, text, facts):
        return [Endpoint(name=name, spec=parse_spec(text).replace(facts=Facts.model_validate(facts or {})))]

    return list_unchecked(feed(end("out", provided, gives), end("x", required, wants)).bindings)


def test_a_range_counts_wherever_numbers_pass():
    assert lines("float32[?]", "float32[?]") == ("value range of x: not declared",)
    assert lines("string[?]", "string[?]") == ()


@pytest.mark.parametrize(
    ("gives", "wants", "said"),
    [
        ({"range": [0, 1]}, {}, "value range of x: not declared by the consumer"),
        ({}, {"range": [0, 1]}, "value range of x: not declared by the producer"),
        ({"meaning": "logits"}, {}, "meaning of x: not declared by the consumer"),
        ({}, {"channel_order": "RGB"}, "channel order of x: not declared by the producer"),
        ({}, {"axes": ["batch"]}, "axes of x: not declared by the producer"),
    ],
)
def test_the_side_that_does_not_say_it_is_named(gives, wants, said):
    assert said in lines("float32[?]", "float32[?]", gives, wants)


BOTH = "the producer's graph shows [0, 1], the consumer's [-0.996, 1.004], not declared by either"
DATA = "data of the producer lies in [0, 1], the consumer's graph shows [-0.996, 1.004], not declared by the consumer"


@pytest.mark.parametrize(
    ("given", "facts", "said"),
    [
        ("float32[?]", {}, BOTH),
        ("float32[?]", {"range": (0, 1)}, "not declared by the consumer, whose graph shows [-0.996, 1.004]"),
        ("uint8[?]", {"range": (0, 1), "origins": {"range": "observed"}}, DATA),
    ],
)
def test_what_both_graphs_and_data_show_is_told(given, facts, said):
    def end(name, text, low, high, facts):
        claim = Inferred(name="range", value=(low, high), tier="read", reason="why")
        spec = parse_spec(text).replace(facts=Facts.model_validate(facts))
        return Endpoint(name=name, spec=spec, inferred=(claim,))

    output, taken = end("out", given, 0, 1, facts), end("x", "float32[?]", -0.996, 1.004, {})
    assert list_unchecked(feed([output], [taken]).bindings, [output], [taken]) == (f"value range of x: {said}",)


def test_words_that_may_be_for_one_axis_are_told():
    gives, wants = {"axes": ["clip", "position", None]}, {"axes": ["batch", "time", "channel"]}
    line = "axes of x: called clip, position by the producer and batch, time by the consumer"
    assert line in lines("float32[?, 8, 3]", "float32[?, 8, 3]", gives, wants)
    assert not any(said.startswith("axes") for said in lines("float32[?, 8, 3]", "float32[?, 8, 3]", gives, gives))


def test_what_was_flattened_into_an_axis_is_that_axis():
    gives, wants = {"axes": ["batch", "height", "width"]}, {"axes": ["batch", "feature"]}
    assert not any(said.startswith("axes") for said in lines("float32[?, 4, 4]", "float32[?, 16]", gives, wants))


def test_what_the_plan_has_settled_is_checked():
    assert lines("uint8[?]", "float32[?]", {"range": [0, 255]}, {"range": [0, 1]}) == ()


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("out", "value range of x: the producer's graph shows [0, 1], not declared by the consumer"),
        ("x", "value range of x: the consumer's graph shows [0, 1], not declared by the producer"),
        ("both", "value range of x: not declared"),
        ("steps", "value range of x: not declared"),
    ],
)
def test_a_range_that_only_one_graph_shows_is_told(shown, said):
    claim = Inferred(name="range", value=(0, 1), tier="proved", reason="Sigmoid")
    outputs, inputs = (
        [Endpoint(name=name, spec=parse_spec(text), inferred=(claim,) if shown in also else ())]
        for name, text, also in (
            ("out", "float32[?]", {"out", "both", "steps"}),
            ("x", "float64[?]" if shown == "steps" else "float32[?]", {"x", "both"}),
        )
    )
    assert list_unchecked(feed(outputs, inputs).bindings, outputs, inputs) == (said,)


@pytest.mark.parametrize(
    ("provided", "required", "told"),
    [
        ("float32[?, ?, 8]", "float32[?, ?, 8]", True),
        ("string[?, ?]", "string[?, ?]", True),
        ("string[?, 8]", "string[?, 8]", False),
        ("string[?, ?]", "string[?, 8]", False),
    ],
)
def test_axes_that_no_size_tells_apart_are_told(provided, required, told):
    assert ("axes of x: not declared" in lines(provided, required)) == told


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        ({"meaning": "token_ids", "id_count": 9}, "id count of x: not declared by the consumer"),
        ({"padding": {"value": 0, "side": "post"}}, "padding of x: not declared by the consumer"),
    ],
)
def test_what_the_producer_alone_says_is_told(gives, said):
    assert said in lines("int32[?, 8]", "int32[?, 8]", gives)


def test_the_demand_that_a_graph_proves_is_told_in_place_of_a_range():
    table = Inferred(name="id_count", value=10003, tier="proved", reason="GatherV2 from a table of 10003 rows")
    outputs = [Endpoint(name="out", spec=parse_spec("int32[?]"))]
    inputs = [Endpoint(name="x", spec=parse_spec("int32[?]"), inferred=(table,))]
    assert list_unchecked(feed(outputs, inputs).bindings, outputs, inputs) == (
        "id count of x: the consumer's graph shows ids below 10003, not declared by the producer",
    )


def test_a_meaning_that_only_one_graph_shows_is_told():
    scores = Inferred(name="meaning", value="probabilities", tier="proved", reason="Softmax along the last axis")
    outputs = [Endpoint(name="out", spec=parse_spec("float32[?, 3]"), inferred=(scores,))]
    inputs = [Endpoint(name="x", spec=parse_spec("float32[?, 3]"))]
    said = "meaning of x: the producer's graph shows probabilities, not declared by the consumer"
    assert said in list_unchecked(feed(outputs, inputs).bindings, outputs, inputs)


def test_what_a_graph_makes_of_a_string_is_told():
    parsed = Inferred(name="meaning", value="serialized_example", tier="proved", reason="ParseExampleV2")
    outputs = [Endpoint(name="text", spec=parse_spec("string[?]"))]
    inputs = [Endpoint(name="x", spec=parse_spec("string[?]"), inferred=(parsed,))]
    (line,) = list_unchecked(feed(outputs, inputs).bindings, outputs, inputs)
    assert line.startswith("meaning of x: the consumer's graph shows serialized tf.Examples (ParseExampleV2), ")


def test_numbers_of_an_unknown_range_that_become_codes_are_told():
    codes = {"quantization": {"scale": 0.00390625, "zero_point": -128}}
    assert "value range of x: not declared" in lines("float32[?, 4]", "int8[?, 4]", {}, codes)
    assert not lines("float32[?, 4]", "int8[?, 4]", {"range": [0, 0.99609375]}, {**codes, "range": [0, 0.99609375]})


@pytest.mark.parametrize(
    ("required", "wants", "is_told"),
    [
        ("float32[?, 4, 9]", {"meaning": "probabilities"}, True),
        ("float32[?, 4, 9]", {"meaning": "probabilities", "padding": {"value": 0}}, False),
        ("ragged int32[?, None]", {}, False),
    ],
)
def test_what_fills_rows_and_is_another_value_then_is_told(required, wants, is_told):
    filled = {"meaning": "class_ids", "id_count": 9, "padding": {"value": 0 if is_told else -1}}
    told = lines("int32[?, 4]", required, filled, wants)
    assert ("padding of x: not declared by the consumer" in told) is is_told


def test_boxes_that_are_merged_with_others_are_still_of_one_format():
    told = lines("float32[?, 2, 4]", "float32[?, 8]", {"boxes": "xyxy normalized"})
    assert "box format of x: not declared by the consumer" in told


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (False, "value range of x: the consumer's graph shows [0, 255] by convention, not declared by the producer"),
        (True, "value range of x: the producer's graph shows [0, 1], not declared by the consumer"),
    ],
)
def test_a_range_that_the_graph_is_scaled_out_of_is_told_where_nothing_else_is(shown, said):
    """keras-io 1549: a model that divides by 255 itself, fed by nobody knows what."""
    usual = Inferred(name="range", value=(0.0, 255.0), tier="convention", reason="Mul 0.00392157")
    sure = Inferred(name="range", value=(0.0, 1.0), tier="proved", reason="Mul 0.00392157")
    outputs = [Endpoint(name="out", spec=parse_spec("float32[?]"), inferred=(sure,) if shown else ())]
    inputs = [Endpoint(name="x", spec=parse_spec("float32[?]"), inferred=(usual,))]
    assert list_unchecked(feed(outputs, inputs).bindings, outputs, inputs) == (said,)
