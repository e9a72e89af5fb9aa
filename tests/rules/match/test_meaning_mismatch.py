from __future__ import annotations


def test_logits_turned_into_probabilities_are_one_warning(only, step):
    softmax = step("activation", "float32[?, 9]", loss="rounding", facts={"meaning": "probabilities"}, axis=1)
    finding = only(
        "float32[?, 9]", "float32[?, 9]", softmax, gives={"meaning": "logits"}, wants={"meaning": "probabilities"}
    )
    assert (finding.level, finding.rule) == ("warning", "meaning_mismatch")
    assert finding.message == "required probabilities, provided logits"
    assert finding.help == "the adapter does it: activation(axis=1)"


def test_meanings_that_nothing_converts_are_an_error(found):
    assert found("int32[?]", "int32[?]", gives={"meaning": "lengths"}, wants={"meaning": "token_ids"}) == [
        "error meaning_mismatch"
    ]


def test_what_has_no_meaning_and_cannot_have_the_required_one_is_said_by_its_values(only):
    finding = only("int32[?, 4]", "int32[?, 4]", gives={"id_count": 30522}, wants={"meaning": "mask"})
    assert finding.level == "error"
    assert finding.message == "required mask, provided ids up to 30521"
    assert "meaning=mask" not in finding.help


def test_more_ids_than_classes_are_said(only):
    """The label of what is ignored is none of the classes."""
    gives, wants = {"meaning": "class_ids", "range": [0, 255]}, {"meaning": "probabilities"}
    finding = only("float32[?, 21]", "float32[?, 21]", gives=gives, wants=wants)
    assert finding.help.startswith("ids reach 255, and there are 21 classes")
