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


def test_one_column_of_probabilities_has_no_logarithm_that_is_a_logit(propose):
    assert propose("activation", "float32[?, 1]", "float32[?, 1]", SHARES, LOGITS) == []
