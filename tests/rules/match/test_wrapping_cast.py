from __future__ import annotations

import pytest

import sigcheck
from sigcheck.schema.policy import Policy

QUANTIZED = {"scale": 0.1, "zero_point": 0}


def test_a_guarded_cast_is_one_warning(only, step):
    cast = step("cast", "int32[?, 16]", guard="every value fits in int32")
    finding = only("int64[?, 16]", "int32[?, 16]", cast)
    assert (finding.level, finding.rule) == ("warning", "wrapping_cast")
    assert finding.message == "int64 values that do not fit in int32 are refused at run time"
    assert "--fact producer.out.range=0,1000" in finding.help


def test_without_guards_it_is_an_error(only, step):
    nearest = [step("cast", "int32[?, 16]", guard="every value fits in int32")]
    finding = only("int64[?, 16]", "int32[?, 16]", nearest=nearest, policy=Policy(guard=False))
    assert (finding.level, finding.rule) == ("error", "wrapping_cast")
    assert "--no-guard" in finding.help


def test_proved_values_need_no_guard(found, step):
    cast = step("cast", "int32[?, 16]", facts={"id_count": 100})
    assert found("int64[?, 16]", "int32[?, 16]", cast, gives={"id_count": 100}) == ["warning dtype_mismatch"]


def test_the_range_that_is_shown_is_one_that_needs_no_guard(only, step):
    ids = step("cast", "bfloat16[?, 16]", guard="every value is one of bfloat16")
    assert "range=0,256" in only("int64[?, 16]", "bfloat16[?, 16]", ids).help
    small = step("cast", "uint64[?, 16]", guard="every value fits in uint64")
    assert "range=0,127" in only("int8[?, 16]", "uint64[?, 16]", small).help
    few = step("cast", "int32[?, 16]", guard="every value fits in int32")
    assert "range=0,100" in only("int64[?, 16]", "int32[?, 16]", few, wants={"range": [0, 100]}).help
    # Of floats no range says that they are whole.
    classes = step("cast", "int32[?, 16]", guard="every value is one of int32")
    assert "range" not in only("float32[?, 16]", "int32[?, 16]", classes).help


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ([100, 200], "100,200"),
        ([5000, 9000], "5000,9000"),
        ([-10, -5], "-10,-5"),
        ([-100, 100], "0,100"),
        ([0, 1e6], "0,1000"),
        ([0.5, 1.5], None),
    ],
)
def test_what_is_shown_is_what_the_consumer_takes(wanted, shown):
    ends = {"y": "int64[?]"}, {"x": "int32[?]"}
    report = sigcheck.check(*ends, facts={"consumer": {"x": {"range": wanted}}}, verify="typed")
    (told,) = (one.help for one in report.findings if one.rule == "wrapping_cast")
    if shown is None:
        assert told == "nothing to do where no such value comes"
        return
    assert told == f"declare the values, as with --fact producer.y.range={shown}"
    facts = {"producer": {"y": {"range": [*map(int, shown.split(","))]}}, "consumer": {"x": {"range": wanted}}}
    assert sigcheck.check(*ends, facts=facts, verify="typed").verdict == "adapts"


@pytest.mark.parametrize("facts", [{"range": [-5, 2**31]}, {"id_count": 2**40}, {"quantization": QUANTIZED}])
def test_numbers_of_which_the_producer_says_more_are_not_declared_again(only, step, facts):
    cast = step("cast", "int32[?, 16]", guard="every value fits in int32")
    assert only("int64[?, 16]", "int32[?, 16]", cast, gives=facts).help == "nothing to do where no such value comes"
