from __future__ import annotations


def test_rows_of_open_length_are_one_warning(only, step):
    finding = only("ragged int32[?, None]", "int32[?, ?]", step("ragged_to_dense", "int32[?, ?]", value=0))
    assert (finding.level, finding.rule) == ("warning", "kind_mismatch")
    assert finding.message == "required a dense tensor, provided a ragged one"


def test_a_kind_that_nothing_makes_is_an_error(found):
    assert found("float32[?, 10]", "sparse float32[?, 10]") == ["error kind_mismatch"]
