"""No claim about a TFLite file is refuted by TensorFlow's interpreter, with and without XNNPACK."""

from __future__ import annotations

import pytest

from tests.programs import told_by

SCORES = {"range": [0, 1], "meaning": "probabilities"}
# What must be found: of the output, whatever it is called.
FOUND = {
    "softmax": SCORES,
    "softmax_reshaped": SCORES,
    "softmax_float16": SCORES,
    "softmax_dynamic": SCORES,
    "softmax_int8": {"range": [0, 0.996094]},
    "softmax_int8_io": {"range": [0, 0.996094]},
    "softmax_uint8_io": {"range": [0, 0.996094]},
    "tanh_int8": {"range": [-1, 0.992188]},
    "hard_sigmoid": {"range": [0, 1]},
    "relu6_float16": {"range": [0, 6]},
    "pixels_scaled": {"range": [-1, 1]},
    "rounded": {"range": [0, 255]},
    "whole_widened": {"range": [-156, 354]},
    "linear_head": {"linear": True},
    "convolution": {"linear": True},
    "split": {"range": [-1, 1]},
}
# What each of these tempts to claim, and must not be claimed.
NEVER = {
    "softmax_over_height": "meaning",
    "softmax_between_transposes": "meaning",
    "softmax_reshaped_apart": "meaning",
    "softmax_sliced": "meaning",
    "softmax_padded_with_ones": "meaning",
    "softmax_joined": "meaning",
    "softmax_gathered": "meaning",
    "softmax_resized": "meaning",
    # A probability below half a step is 0: the sum of many need not be near 1.
    "softmax_int8": "meaning",
    "softmax_int8_io": "meaning",
    "shifted_far_and_back": "range",
    "overflows": "range",
    "maximum_with_nan": "range",
    "nan_to_whole": "range",
    "tanh_to_pixels": "range",
    "conditional": "range",
    "looped": "range",
    # What XNNPACK makes of NaN is no NaN.
    "exponential": "range",
    "pooled": "range",
    "pooled_mean": "range",
    "class": "id_count",
}


@pytest.mark.tensorflow
def test_no_claim_is_refuted(tmp_path):
    told = told_by("tests.inference.refute_tflite", tmp_path)
    assert told["refuted"] == []
    assert len(told["claimed"]) >= 90
    assert told["compared"] >= 1_500
    outputs = {name: list(ends["claims"].values())[-1] for name, ends in told["claimed"].items()}
    assert {name: outputs[name] for name in FOUND} == FOUND
    assert {name: fact for name, fact in NEVER.items() if fact in outputs[name]} == {}
    inputs = {name: next(iter(ends["claims"].values())) for name, ends in told["claimed"].items()}
    assert inputs["pixels_scaled"]["range"] == [0, 255]
    assert {name for name, claims in inputs.items() if "axes" in claims} >= {"convolution", "picture_int8_io"}
