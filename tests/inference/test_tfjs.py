"""No claim about a TensorFlow.js graph model is refuted by TensorFlow, which runs the graph that it came from."""

from __future__ import annotations

import pytest

from tests.programs import told_by

SCORES = {"range": [0, 1], "meaning": "probabilities"}
FOUND = {
    "softmax": SCORES,
    "softmax_reshaped": SCORES,
    "log_softmax": {"meaning": "log_probabilities"},
    "linear_head": {"linear": True},
    "clipped": {"range": [-2, 3]},
    "hard_sigmoid": {"range": [0, 1]},
    "rounded": {"range": [0, 255]},
    "split": {"range": [-1, 1]},
    # Computed in float32, which the signature says too.
    "softmax_double": SCORES,
}
NEVER = {
    "softmax_over_rows": "meaning",
    "softmax_sliced": "meaning",
    "softmax_padded_with_ones": "meaning",
    "softmax_resized": "meaning",
    "bicubic_overshoots": "range",
    "shifted_far_and_back": "range",
    "overflows": "range",
    "maximum_with_nan": "range",
    # What is computed in another type than the graph says.
    "sigmoid_to_pixels": "range",
    "whole_wraps": "range",
    "long_to_float": "range",
    "pixels_scaled": "range",
    "class": "id_count",
    "conditional": "range",
    "looped": "range",
}


@pytest.mark.tensorflow
def test_no_claim_is_refuted(tmp_path):
    told = told_by("tests.inference.refute_tfjs", tmp_path)
    assert told["refuted"] == []
    assert len(told["claimed"]) >= 100
    assert told["compared"] >= 400
    assert {name: told["claimed"][name] for name in FOUND} == FOUND
    assert {name: fact for name, fact in NEVER.items() if fact in told["claimed"][name]} == {}
