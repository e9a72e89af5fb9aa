from __future__ import annotations

import pytest

LOGITS, LOG, SHARES = ({"meaning": name} for name in ("logits", "log_probabilities", "probabilities"))
CASES = [
    ("any[?, 10]", "float32[?, 10]", LOGITS, SHARES),
    ("any[?, 10]", "float32[?, 10]", LOGITS, LOG),
    ("any[?, 10]", "float32[?, 10]", LOG, SHARES),
    ("any[?, 10]", "float32[?, 10]", SHARES, LOG),
    ("any[?, 10]", "float32[?, 10]", SHARES, LOGITS),
    ("any[?, 1]", "float32[?, 1]", LOGITS, SHARES),
    ("any[?, 1]", "float32[?, 1]", LOGITS, LOG),
    ("float32[?]", "float32[?]", LOGITS, SHARES),
    ("float32[10]", "float32[10]", LOGITS, SHARES),
    ("float32[?, ?]", "float32[?, ?]", LOGITS, SHARES),
    ("float32[?, 5, 6]", "float32[?, 5, 6]", LOGITS, SHARES),
    ("float32[5, ?]", "float32[5, ?]", {**LOGITS, "axes": ["class", "batch"]}, SHARES),
    ("float32[?, 0]", "float32[?, 0]", LOGITS, LOG),
    ("float32[]", "float32[]", LOGITS, SHARES),
    ("any[?, 1]", "float32[?, 1]", SHARES, LOGITS),
    ("any[?, 1]", "float32[?, 1]", LOG, LOGITS),
    ("any[?, 10]", "float32[?, 10]", LOG, LOGITS),
    ("ragged any[?, None, 10]", "ragged float32[?, None, 10]", LOGITS, SHARES),
    ("ragged float32[?, None, 3, 10]", "ragged float32[?, None, 3, 10]", LOGITS, LOG),
    ("ragged float32[?, None, 1]", "ragged float32[?, None, 1]", LOGITS, SHARES),
    ("ragged float32[?, None]", "ragged float32[?, None]", LOG, SHARES),
    ("ragged bfloat16[?, None, None, 4]", "ragged bfloat16[?, None, None, 4]", LOGITS, SHARES),
]


@pytest.mark.parametrize(
    ("shape", "axes", "expected"),
    [
        ("[?, 10]", None, [("softmax", 1, 0)]),
        ("[?, 5, 10]", None, [("softmax", 2, 1)]),
        ("[10, ?]", ["class", "batch"], [("softmax", 0, 0)]),
        ("[?, 1]", None, [("sigmoid", None, 0)]),
        ("[?]", ["batch"], [("sigmoid", None, 0)]),
        ("[10]", ["class"], [("softmax", 0, 0)]),
        ("[?]", None, [("sigmoid", None, 1)]),
        ("[10]", None, [("softmax", 0, 1), ("sigmoid", None, 1)]),
        ("[]", None, [("sigmoid", None, 0)]),
    ],
)
def test_the_classes_are_where_the_axes_say(propose, shape, axes, expected):
    facts = LOGITS if axes is None else {**LOGITS, "axes": axes}
    steps = propose("activation", f"float32{shape}", f"float32{shape}", facts, SHARES)
    found = [(step.arguments["function"], step.arguments.get("axis"), step.cost.assumptions) for step in steps]
    assert found == expected


@pytest.mark.parametrize("facts", [(LOGITS, {}), ({}, SHARES), (SHARES, SHARES)])
def test_an_unknown_meaning_is_never_guessed(propose, facts):
    assert propose("activation", "float32[?, 10]", "float32[?, 10]", *facts) == []


def test_the_logit_of_one_column_is_the_logarithm_of_the_odds(propose):
    (step,) = propose("activation", "float32[?, 1]", "float32[?, 1]", SHARES, LOGITS)
    assert step.arguments == {"function": "logit"}
    (step,) = propose("activation", "float32[?, 1]", "float32[?, 1]", LOG, LOGITS)
    assert step.arguments == {"function": "log_odds"}


def test_log_probabilities_of_several_classes_are_logits_as_they_are(propose):
    (step,) = propose("activation", "float32[?, 10]", "float32[?, 10]", LOG, LOGITS)
    assert (step.arguments, step.loss, step.cost.bytes_moved) == ({"function": "identity"}, "exact", 0)


@pytest.mark.parametrize(
    "encoded",
    [
        {**SHARES, "range": [0, 255]},
        {**SHARES, "normalization": {"mean": 0.5, "std": 0.5}},
        {**SHARES, "quantization": {"scale": 0.5, "zero_point": 3}},
    ],
)
def test_numbers_in_another_encoding_are_converted_first(propose, encoded):
    dtype = "uint8" if "quantization" in encoded else "float32"
    assert propose("activation", f"{dtype}[?, 10]", "float32[?, 10]", encoded, LOG) == []


def test_narrow_floats_that_are_converted_further_are_widened_first(propose):
    facts = [LOGITS, {**SHARES, "quantization": {"scale": 0.01, "zero_point": 0}}]
    assert propose("activation", "float16[?, 10]", "int8[?, 10]", *facts) == []
    assert propose("activation", "float16[?, 10]", "float32[?, 10]", LOGITS, SHARES) == []
    assert propose("activation", "float16[?, 10]", "float16[?, 10]", LOGITS, SHARES)


def test_the_names_of_the_consumer_say_which_axis_holds_the_classes_once_it_stands_there(propose):
    wants = {**LOGITS, "axes": ["class", "batch"]}
    assert propose("activation", "float32[?, 1]", "float32[1, ?]", LOG, wants) == []
    (step,) = propose("activation", "float32[1, ?]", "float32[1, ?]", LOG, wants)
    assert step.arguments == {"function": "log_odds"}


def test_each_number_along_time_is_a_logit_of_its_own(propose):
    gives, wants = ({"meaning": one, "axes": ["batch", "time"]} for one in ("logits", "probabilities"))
    (step,) = propose("activation", "float32[?, 9]", "float32[?, 9]", gives, wants)
    assert (step.arguments, step.assumption) == ({"function": "sigmoid"}, None)


def test_the_classes_are_no_axis_of_a_picture(propose):
    gives, wants = (
        {"meaning": one, "axes": ["batch", "channel", "height", "width"]} for one in ("logits", "probabilities")
    )
    (step,) = propose("activation", "float32[?, 4, 8, 9]", "float32[?, 4, 8, 9]", gives, wants)
    assert (step.arguments["axis"], step.assumption) == (1, "the classes are axis 1")


def test_classes_of_which_each_row_has_its_own_number_have_no_softmax(propose):
    assert propose("activation", "ragged float32[?, None]", "ragged float32[?, None]", LOGITS, SHARES) == []
