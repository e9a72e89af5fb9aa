from __future__ import annotations

from sigcheck.rules.match import observed_bound

SEEN = {"range": (3, 251), "origins": {"range": "observed"}}
DECLARED = {"range": (3, 251), "origins": {"range": "declared"}}
UNIT = {"range": (0, 1)}


def scaled(match, step, gives, wants):
    return match("float32[?, 3]", "float32[?, 3]", step("scale", "float32[?, 3]", facts=UNIT), gives=gives, wants=wants)


def test_a_scaling_by_what_was_observed_is_told(match, step):
    (finding,) = observed_bound.find(scaled(match, step, SEEN, UNIT))
    assert finding.level == "warning"
    assert finding.message.endswith("rests on [3, 251], which was observed")
    assert finding.help == "declare the ends of the encoding: --fact producer.out.range=..."


def test_what_is_declared_is_not(match, step):
    assert not list(observed_bound.find(scaled(match, step, DECLARED, UNIT)))


def test_a_step_that_keeps_the_range_rests_on_nothing(match, step):
    kept = step("reshape", "float32[?, 3, 1]", facts={"range": (3, 251)})
    assert not list(observed_bound.find(match("float32[?, 3]", "float32[?, 3, 1]", kept, gives=SEEN)))
