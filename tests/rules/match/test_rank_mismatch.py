from __future__ import annotations


def test_an_axis_too_few_is_one_warning(only, step):
    finding = only("float32[?, 10]", "float32[?, 1, 10]", step("expand_dims", "float32[?, 1, 10]", axis=1))
    assert (finding.level, finding.rule) == ("warning", "rank_mismatch")
    assert finding.message == "required rank 3, provided rank 2"
    assert finding.help == "the adapter does it: expand_dims(axis=1)"


def test_a_rank_that_nothing_cures_is_an_error(found):
    assert found("float32[?, 10]", "float32[?, 3, 5, 7]") == ["error rank_mismatch"]


def test_an_unknown_rank_is_no_known_difference(found, step):
    guard = step("ensure_shape", "float32[?, 16]", guard="the shape is [?, 16]")
    assert found("float32[*]", "float32[?, 16]", guard) == ["warning unknown_size"]


def test_where_plans_tie_the_shapes_are_their_question(found, step):
    candidates = [(step("reshape", "float32[?, 8, 8]"),), (step("squeeze", "float32[?, 8, 8]"),)]
    assert found("float32[?, 8, 8, 1]", "float32[?, 8, 8]", candidates=candidates) == ["error ambiguous_plan"]


def test_names_of_both_sides_stand_beside_the_ranks(only):
    finding = only("float32[?, 1000]", "float32[?]", gives={"axes": ["clip", "time"]}, wants={"axes": ["time"]})
    assert finding.message == "required rank 1 (time), provided rank 2 (clip, time)"
