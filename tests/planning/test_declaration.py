from __future__ import annotations

import math
import re

import pytest

from sigcheck.planning.declaration import declare
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint

ENDS = [Endpoint(name="image", spec=parse_spec("uint8[?, 8, 8, 3]").replace(facts=Facts(channel_order="RGB")))]


def test_a_declared_fact_beats_the_one_that_was_read_and_keeps_the_others():
    (end,) = declare(ENDS, "producer", {"image": {"range": [0, 255], "channel_order": "BGR"}})
    assert (end.spec.facts.range, end.spec.facts.channel_order) == ((0.0, 255.0), "BGR")
    assert end.spec.facts.origins["range"] == "declared"
    assert declare(ENDS, "producer", {}) == tuple(ENDS)


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"imagr": {}}, "producer.imagr: "),
        ({"image": {"rnge": [0, 1]}}, "producer.image.rnge: no fact 'rnge'; did you mean 'range'"),
        ({"image": {"range": [0, 300]}}, "producer.image.range"),
        ({"image": {"range": [1, 0]}}, "producer.image.range"),
        ({"image": {"range": [0, math.nan]}}, "producer.image.range"),
        ({"image": {"range": [0, math.inf]}}, "producer.image.range"),
        ({"image": {"normalization": {"mean": math.nan, "std": 1}}}, "producer.image.normalization"),
        ({"image": {"axes": ["height", "width"]}}, "producer.image.axes"),
        ({"image": {"meaning": "picture"}}, "producer.image.meaning"),
        ({"image": {"id_count": 0}}, "producer.image.id_count"),
        ({"image": {"padding": {"value": math.inf}}}, "producer.image.padding"),
    ],
)
def test_what_contradicts_is_refused_where_it_was_declared(facts, place):
    with pytest.raises(UsageError) as refused:
        declare(ENDS, "producer", facts)
    assert str(refused.value).startswith(place)


@pytest.mark.parametrize(
    ("dtype", "facts", "problem"),
    [
        ("int64", {"id_count": 10, "padding": {"value": 99}}, "padding 99 is no id below id_count 10"),
        ("int64", {"padding": {"value": 11}, "id_count": 10}, "padding 11 is no id below id_count 10"),
        ("uint8", {"padding": {"value": -1}}, "padding -1 does not fit in uint8"),
        ("int32", {"padding": {"value": 0.5}}, "padding 0.5 does not fit in int32"),
        ("int32", {"padding": {"value": "[PAD]"}}, "padding '[PAD]' does not fit in int32"),
        ("int32", {"padding": {"value": "nan"}}, "padding 'nan' does not fit in int32"),
        ("string", {"padding": {"value": 0}}, "padding 0 does not fit in string"),
        ("float16", {"padding": {"value": 1e6}}, "padding 1e+06 does not fit in float16"),
        ("bool", {"padding": {"value": 2}}, "padding 2 does not fit in bool"),
    ],
)
def test_a_padding_that_cannot_be_is_refused_where_it_was_declared(dtype, facts, problem):
    with pytest.raises(UsageError, match=re.escape(f"consumer.x.padding: {problem}")):
        declare([Endpoint(name="x", spec=parse_spec(f"{dtype}[?, 8]"))], "consumer", {"x": facts})


@pytest.mark.parametrize(
    ("dtype", "facts"),
    [
        *(("int64", {"id_count": 10, "padding": {"value": value}}) for value in (0, 9, 10, -1, -100)),
        ("float32", {"padding": {"value": "nan"}}),
        ("float32", {"padding": {"value": 0.5}}),
        ("string", {"padding": {"value": "[PAD]"}}),
        ("bool", {"padding": {"value": False}}),
        ("complex64", {"padding": {"value": 1}}),
    ],
)
def test_a_padding_that_may_be_is_taken(dtype, facts):
    assert declare([Endpoint(name="x", spec=parse_spec(f"{dtype}[?, 8]"))], "consumer", {"x": facts})


def stored(scale, zero_point=0):
    return {"scale": scale, "zero_point": zero_point}


def test_a_range_is_read_beside_the_quantization_that_is_declared_with_it_in_any_order():
    facts = {"range": [-1, 1], "quantization": stored(1 / 128, 128)}
    for declared in (facts, dict(reversed(facts.items()))):
        (end,) = declare(ENDS, "producer", {"image": declared})
        assert end.spec.facts.range == (-1, 1)


def test_what_is_declared_anew_is_not_held_against_what_was_known():
    before = parse_spec("uint8[?]").replace(facts=Facts.model_validate({"range": [0, 255]}))
    facts = {"quantization": stored(1 / 255), "range": [0, 1]}
    (end,) = declare([Endpoint(name="image", spec=before)], "producer", {"image": facts})
    assert end.spec.facts.range == (0, 1)


@pytest.mark.parametrize("ends", [[0, 255], [-5, 1], [5, 6]])
def test_a_range_that_stored_numbers_hardly_reach_is_an_error_where_it_is_declared(ends):
    with pytest.raises(UsageError, match=r"image\.range: range .* is of real values, .* stands for \[0, 1\]\. Correct"):
        declare(ENDS, "consumer", {"image": {"range": ends, "quantization": stored(1 / 255)}})


def test_what_data_showed_is_said_to_be_observed():
    told = {"range": [0, 9], "observed": {"facts": ["range"], "rows": 5, "files": []}}
    (end,) = declare([Endpoint(name="x", spec=parse_spec("float32[?]"))], "producer", {"x": told})
    assert end.spec.facts.origins == {"range": "observed"}


@pytest.mark.parametrize(
    "told", [3, {}, {"facts": ["range"], "values": [1]}, {"facts": ["colour"]}, {"facts": "range"}]
)
def test_what_stands_behind_observed_facts_has_their_names(told):
    with pytest.raises(UsageError, match="Observe again"):
        declare([Endpoint(name="x", spec=parse_spec("float32[?]"))], "producer", {"x": {"observed": told}})


def shown(text, told, facts=None):
    observed = {"facts": [name for name in told if name != "observed"]}
    end = Endpoint(name="x", spec=parse_spec(text).replace(facts=facts or Facts()))
    (found,) = declare([end], "producer", {"x": {**told, "observed": observed}})
    return found.spec.facts


def test_what_is_declared_in_a_source_stays_beside_what_data_showed():
    declared = Facts(range=(0, 1)).with_origin("declared")
    assert shown("float32[?]", {"range": [0, 255]}, declared).known() == {"range": (0, 1)}


def test_stored_numbers_that_data_showed_are_no_real_ones():
    assert shown("int8[?]", {"range": [-128, 127]}, Facts(quantization=stored(1 / 255))).range is None


def test_data_of_another_dtype_declares_nothing_and_is_no_mistake():
    assert shown("uint8[?]", {"range": [0, 300]}).range is None
    with pytest.raises(UsageError, match="range"):
        shown("uint8[?]", {"range": [300, 0]})
