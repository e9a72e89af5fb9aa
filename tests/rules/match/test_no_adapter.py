from __future__ import annotations


def test_a_blocked_binding_is_never_without_an_error(only):
    finding = only("float32[?, 16]", "float32[?, 16]", verdict="blocked")
    assert (finding.level, finding.rule, finding.message) == ("error", "no_adapter", "no plan leads there")


def test_the_nearest_plan_is_told(found, step):
    nearest = [step("cast", "float32[?, 16]", loss="rounding")]
    assert found("float64[?, 16]", "float32[?, 16]", nearest=nearest) == ["warning lossy_cast", "error no_adapter"]


def test_it_is_silent_where_a_rule_knows_the_reason(found):
    assert found("string[?]", "float32[?]") == ["error dtype_mismatch"]
