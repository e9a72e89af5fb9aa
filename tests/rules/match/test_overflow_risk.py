from __future__ import annotations

import pytest

import sigcheck
from sigcheck.rules.match import overflow_risk
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from tests.rules.conftest import CONSUMER, PRODUCER


@pytest.mark.parametrize(
    ("cast", "gives", "is_risk"),
    [
        ("float32 to float16", None, True),
        ("float32 to float16", {"range": [0, 65504]}, False),
        ("float32 to float16", {"range": [30000, 110000]}, True),
        ("float32 to bfloat16", None, False),
        ("float64 to float32", None, False),
        ("float64 to float32", {"range": [0, 1e300]}, True),
        ("int32 to float16", None, True),
        ("int32 to float16", {"id_count": 65505}, False),
        ("int8 to float16", None, False),
        ("float32 to int8", None, False),
    ],
)
def test_a_risk_is_a_value_beyond_the_target(found, step, cast, gives, is_risk):
    source, target = cast.split(" to ")
    narrowed = step("cast", f"{target}[?]", loss="rounding")
    risks = [one for one in found(f"{source}[?]", f"{target}[?]", narrowed, gives=gives) if "overflow_risk" in one]
    assert risks == (["warning overflow_risk"] if is_risk else [])


def test_values_that_are_scaled_first_are_no_risk(found, step):
    steps = (
        step("scale", "float32[?]", loss="rounding", facts={"range": [0, 1]}),
        step("cast", "float16[?]", loss="rounding", facts={"range": [0, 1]}),
    )
    rules = found("float32[?]", "float16[?]", *steps, gives={"range": [30000, 110000]}, wants={"range": [0, 1]})
    assert rules == ["warning lossy_cast", "warning value_range_mismatch", "note cast_before_normalize"]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-1, 1), None),
        ((30000, 110000), "the producer's graph shows them in [30000, 110000]"),
        (None, "their range is not declared"),
    ],
)
def test_what_the_graph_shows_of_the_values_is_a_range_too(match, step, ends, said):
    found = match("float32[?]", "float16[?]", step("cast", "float16[?]", loss="rounding"))
    claims = () if ends is None else (Inferred(name="range", value=ends, tier="proved", reason="Tanh"),)
    output = Endpoint(name=found.bindings[0].provided, spec=parse_spec("float32[?]"), inferred=claims)
    view = MatchView(PRODUCER, CONSUMER, outputs=(output,), bindings=found.bindings)
    risks = [one.message for one in overflow_risk.find(view)]
    assert len(risks) == (said is not None)
    assert all(said in risk for risk in risks)


@pytest.mark.parametrize(
    ("scale", "said"),
    [(0.1, None), (1000, "they may be anything that its codes stand for, in [-128000, 127000]")],
)
def test_what_codes_stand_for_is_a_range_too(match, step, scale, said):
    steps = (step("dequantize", "float32[?]", loss="rounding"), step("cast", "float16[?]", loss="rounding"))
    gives = {"quantization": {"scale": scale, "zero_point": 0}}
    risks = list(overflow_risk.find(match("int8[?]", "float16[?]", *steps, gives=gives)))
    assert len(risks) == (said is not None)
    assert all(said in risk.message and "range=-1,1" in risk.help for risk in risks)


def test_a_sum_reaches_further_than_what_is_summed(match, step):
    named = {"axes": ["batch", "channel"]}
    ends = [
        step("sum", "float32[?, 1]", loss="irreversible", facts=named),
        step("cast", "float16[?, 1]", loss="rounding", facts=named),
    ]
    codes = {**named, "quantization": {"scale": 100, "zero_point": 0}}
    of_codes = [step("dequantize", "float32[?, 10]", loss="rounding", facts=named), *ends]
    (risk,) = overflow_risk.find(match("uint8[?, 10]", "float16[?, 1]", *of_codes, gives=codes, wants=named))
    assert "their range is not declared" in risk.message

    found = match("float32[?, 10]", "float16[?, 1]", *ends, gives=named, wants=named)
    claim = Inferred(name="range", value=(0, 60000), tier="proved", reason="Relu6")
    spec = found.bindings[0].provided_spec
    output = Endpoint(name=found.bindings[0].provided, spec=spec, inferred=(claim,))
    (risk,) = overflow_risk.find(MatchView(PRODUCER, CONSUMER, outputs=(output,), bindings=found.bindings))
    assert "their range is not declared" in risk.message


def test_no_range_is_shown_that_codes_cannot_stand_for(match, step):
    steps = (step("dequantize", "float32[?]", loss="rounding"), step("cast", "float16[?]", loss="rounding"))
    gives = {"quantization": {"scale": 1000, "zero_point": -128 - 50}}
    (risk,) = overflow_risk.find(match("int8[?]", "float16[?]", *steps, gives=gives))
    assert "producer" not in risk.help


@pytest.mark.parametrize(
    ("provided", "meaning", "verdict"), [("int32[?]", "token_ids", "guarded"), ("float32[?]", "logits", "adapts")]
)
def test_a_cast_that_refuses_what_its_type_does_not_hold_makes_nothing_infinite(provided, meaning, verdict):
    facts = {"producer": {"y": {"meaning": meaning}}, "consumer": {"x": {"meaning": meaning}}}
    report = sigcheck.check({"y": provided}, {"x": "float16[?]"}, facts=facts, verify="typed")
    assert report.verdict == verdict
    assert ("overflow_risk" in {finding.rule for finding in report.findings}) == (verdict == "adapts")
