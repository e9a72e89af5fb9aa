"""From two models to a proved adapter, as a user runs it: nothing replaced, TensorFlow included."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.tensorflow


@pytest.mark.parametrize(
    ("arguments", "verdict", "steps"),
    [
        (["encoder", "classifier.keras"], "adapts", ["expand_dims"]),
        (["sensor.keras", "scorer", "--facts", "facts.toml"], "adapts", ["scale", "cast"]),
        (["tokenizer", "reader.keras", "--pad-value", "0"], "guarded", ["ragged_to_dense"]),
    ],
)
def test_each_of_the_three_cases_is_proved(folder, sigcheck, arguments, verdict, steps):
    code, out, _ = sigcheck("check", *arguments, "--format", "json")
    written = json.loads(out)
    assert (code, written["verdict"]) == (0, verdict)
    assert [step["transform"] for step in written["bindings"][0]["plan"]["steps"]] == steps
    assert written["verification"]["level"] == "executed"
    assert written["verification"]["cases"] > 0
    assert written["verification"]["failures"] == []


def test_the_written_adapter_says_how_it_was_proved(folder, sigcheck):
    code, _, _ = sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py", "--verify", "traced", "--quiet")
    assert code == 0
    assert "verified: traced" in (folder / "adapter.py").read_text()


def test_a_proof_that_takes_too_long_is_said_and_claims_less(folder, sigcheck):
    code, out, _ = sigcheck("check", "encoder", "classifier.keras", "--timeout", "0.5", "--format", "json")
    proof = json.loads(out)["verification"]
    assert proof["level"] == "typed"
    assert "0.5" in proof["reason"]
    assert code == 0
