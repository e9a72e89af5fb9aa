from __future__ import annotations

from sigcheck.schema.policy import Policy


def test_rows_of_open_length_are_one_warning(only, step):
    finding = only("ragged int32[?, None]", "int32[?, ?]", step("ragged_to_dense", "int32[?, ?]", value=0))
    assert (finding.level, finding.rule) == ("warning", "kind_mismatch")
    assert finding.message == "required a dense tensor, provided a ragged one"


def test_a_kind_that_nothing_makes_is_an_error(found):
    assert found("float32[?, 10]", "sparse float32[?, 10]") == ["error kind_mismatch"]


def test_rows_that_the_policy_does_not_let_refuse_are_one_error(found, step):
    nearest = [step("ragged_to_dense", "int32[?, 12]", guard="no row is longer than 12")]
    assert found("ragged int32[?, None]", "int32[?, 12]", nearest=nearest, policy=Policy(guard=False)) == [
        "warning kind_mismatch",
        "error truncated_rows",
    ]
