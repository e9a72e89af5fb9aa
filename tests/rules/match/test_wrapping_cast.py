from __future__ import annotations

from sigcheck.schema.policy import Policy


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
    # Of floats no range says that they are whole.
    classes = step("cast", "int32[?, 16]", guard="every value is one of int32")
    assert "range" not in only("float32[?, 16]", "int32[?, 16]", classes).help
