from __future__ import annotations

from sigcheck.schema.policy import Policy


def test_statistics_of_the_batch_are_one_warning(only, step):
    scale = step("batch_min_max", "float32[?]", loss="rounding", assumption="the batch spans its range")
    finding = only("float32[?]", "float32[?]", scale, wants={"range": [0, 1]}, policy=Policy(allow=("batch_min_max",)))
    assert (finding.level, finding.rule) == ("warning", "batch_statistics")
    assert "results depend on the batch" in finding.message
    assert "--fact producer.out.range=LOW,HIGH" in finding.help


def test_it_is_an_assumption_for_the_policy(found, step):
    scale = step("batch_min_max", "float32[?]", loss="rounding", assumption="the batch spans its range")
    policy = Policy(allow=("batch_min_max",), assume="error")
    assert found("float32[?]", "float32[?]", scale, wants={"range": [0, 1]}, policy=policy) == [
        "error batch_statistics"
    ]
