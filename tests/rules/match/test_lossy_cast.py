from __future__ import annotations

from sigcheck.schema.policy import Policy


def test_rounding_within_the_policy_is_one_warning(only, step):
    finding = only("float64[?, 16]", "float32[?, 16]", step("cast", "float32[?, 16]", loss="rounding"))
    assert (finding.level, finding.rule) == ("warning", "lossy_cast")
    assert finding.message == "cast from float64 to float32 rounds"


def test_truncating_beyond_the_policy_names_what_opens_it(only, step):
    nearest = [step("cast", "int32[?, 16]", loss="truncating", dtype="int32")]
    finding = only("float32[?, 16]", "int32[?, 16]", nearest=nearest)
    assert (finding.level, finding.rule) == ("error", "lossy_cast")
    assert finding.message == "cast from float32 to int32 truncates, the policy allows rounding"
    assert finding.help == "cast(dtype=int32) would do it; allow it with --loss truncating"


def test_a_policy_of_no_loss_makes_rounding_an_error(found, step):
    nearest = [step("cast", "float32[?, 16]", loss="rounding")]
    assert found("float64[?, 16]", "float32[?, 16]", nearest=nearest, policy=Policy(loss="exact")) == [
        "error lossy_cast"
    ]


def test_each_lossy_cast_of_a_plan_is_told(found, step):
    steps = step("cast", "int32[?]", loss="truncating"), step("cast", "float32[?]", loss="rounding")
    assert found("float64[?]", "float32[?]", *steps) == ["warning lossy_cast", "warning lossy_cast"]
