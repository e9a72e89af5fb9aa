"""No claim about a trap model is refuted by running it, and none is made where none can be."""

from __future__ import annotations

import pytest

from tests.programs import told_by

# What each of these tempts to claim, and must not be claimed.
NEVER = {
    "softmax_over_rows": "meaning",
    "softmax_over_height": "meaning",
    "softmax_between_transposes": "meaning",
    "softmax_reshaped_apart": "meaning",
    "softmax_sliced": "meaning",
    "softmax_padded": "meaning",
    "softmax_tiled": "meaning",
    "softmax_joined": "meaning",
    "softmax_resized": "meaning",
    "softmax_times_mask": "meaning",
    "softmax_gathered": "meaning",
    "sigmoid": "meaning",
    "linear_head": "meaning",
    "bicubic_overshoots": "range",
    "shifted_far_and_back": "range",
    "overflows": "range",
    "overflows_half": "range",
    "sigmoid_mean_of_many": "range",
    "greatest_of_none": "range",
    "divided_by_itself": "range",
    "maximum_with_nan": "range",
    "clipped_backwards": "range",
    "nan_to_whole": "range",
    "tanh_to_pixels": "range",
    "whole_wraps": "range",
    "negative_of_least": "range",
    "absolute_of_least": "range",
    "pixels_mean": "range",
    "pixels_to_half_mean": "range",
    "class_of_other_axis": "id_count",
    "class_of_turned_input": "id_count",
    "class_of_open_input": "id_count",
    "sum_of_input_chosen": "range",
    "class_plus_one": "id_count",
    "conditional": "range",
    "looped": "range",
    "constant": "range",
}
# What must be found.
FOUND = {
    "softmax": {"range": [0, 1], "meaning": "probabilities"},
    "softmax_half": {"range": [0, 1]},
    "softmax_reshaped": {"range": [0, 1], "meaning": "probabilities"},
    "softmax_cast_to_half": {"range": [0, 1], "meaning": "probabilities"},
    "log_softmax": {"meaning": "log_probabilities"},
    "linear_head": {"linear": True},
    "convolution": {"linear": True},
    "class": {"range": [0, 4], "id_count": 5},
    "class_of_input": {"range": [0, 5], "id_count": 6},
    "class_of_widened_input": {"range": [0, 2], "id_count": 3},
    "sum_of_input": {"range": [0, 6]},
    "sum_of_input_widened": {"range": [0, 3]},
    "greatest_of_input": {"range": [0, 1]},
    "pixels_scaled": {"range": [-1, 1]},
    "called": {"range": [0, 2]},
    "hard_sigmoid": {"range": [0, 1]},
    "relu6_mean": {"range": [0, 6]},
    "rounded": {"range": [0, 255]},
    "whole_widened": {"range": [-156, 354]},
    "split": {"range": [-1, 1]},
}


@pytest.mark.tensorflow
def test_no_claim_is_refuted(tmp_path):
    told = told_by("tests.inference.refute", tmp_path)
    assert told["refuted"] == []
    assert len(told["claimed"]) >= 100
    assert told["compared"] >= 500
    assert {name: fact for name, fact in NEVER.items() if fact in told["claimed"][name]} == {}
    assert {name: told["claimed"][name] for name in FOUND} == FOUND
