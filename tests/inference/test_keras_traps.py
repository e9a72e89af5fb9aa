"""No claim about a Keras file is refuted by running its model, and none is made where none can be."""

from __future__ import annotations

import pytest

from tests.programs import told_by

pytestmark = pytest.mark.tensorflow

SCORES = {"range": [0, 1], "meaning": "probabilities"}

# What each of these tempts to claim of some output, and must not be claimed.
NEVER = {
    **dict.fromkeys(
        (
            "softmax_of_one",
            "softmax_over_steps",
            "softmax_masked",
            "softmax_masked_ids",
            "softmax_with_a_mask",
            "softmax_reshaped_apart",
            "softmax_flattened",
            "softmax_permuted",
            "softmax_joined",
            "softmax_joined_by_rows",
            "softmax_added",
            "softmax_multiplied",
            "softmax_averaged",
            "softmax_padded",
            "softmax_brain",
            "softmax_half",
            "softmax_half_of_many",
            "softmax_as_a_layer",
            "ops_softmax_over_rows",
            "ops_softmax_over_all",
            "ops_transposed",
        ),
        "meaning",
    ),
    **dict.fromkeys(
        (
            "softmax_over_two_axes",
            "softmax_dropped_in_training",
            "softmax_noised_in_training",
            "softmax_normalized",
            "custom_softmax",
            "custom_dense",
            "custom_model",
            "custom_activation",
            "lambda_layer",
            "nested_in_training",
            "nested_custom",
            "linear",
            "relu",
            "relu_from_threshold",
            "relu_with_a_slope",
            "elu_scaled",
            "swish",
            "gelu",
            "selu",
            "far_and_back",
            "overflows_half",
            "saturates_half",
            "normalized_by_weights",
            "normalized_by_layer",
            "unit_length_half",
            "mean_of_masked",
            "most_of_maybe_none",
            "most_of_sigmoid",
            "pooled",
            "center_enlarged",
            "bicubic",
            "lanczos",
            "resized_by_padding",
            "enlarged_bicubic",
            "masked_product",
            "masked_most",
            "attention",
            "looked_up_counts",
            "looked_up_backwards",
            "encoded_counts",
            "embedded",
            "ops_reciprocal",
            "ops_clipped_backwards",
            "ops_cast_out_of_range",
            "ops_sum",
            "ops_negative_power",
            "ops_whole",
        ),
        "range",
    ),
}
# What must be found, of the one output.
FOUND = {
    **dict.fromkeys(
        (
            "softmax",
            "softmax_over_pixels",
            "softmax_layer",
            "softmax_over_a_list_of_one",
            "softmax_behind_a_mask",
            "softmax_dropped",
            "softmax_noised",
            "softmax_reshaped",
            "softmax_per_step",
            "softmax_half_then_full",
            "softmax_double",
            "nested",
            "transposed",
            "convolved_steps",
            "einsum",
            "recurrent_both",
            "ops_softmax",
        ),
        SCORES,
    ),
    "log_softmax": {"meaning": "log_probabilities"},
    "linear": {"linear": True},
    "nested_twice": {"range": [0, 1]},
    "softmax_added": {"range": [0, 2]},
    "softmax_subtracted": {"range": [-1, 1]},
    "relu6": {"range": [0, 6]},
    "relu_to_five": {"range": [0, 5]},
    "relu_as_a_layer": {"range": [0, 5]},
    "relu_to_six_half": {"range": [0, 6]},
    "hard_sigmoid": {"range": [0, 1]},
    "hard_sigmoid_half": {"range": [0, 1]},
    "rescaled_pixels": {"range": [-1, 1]},
    "normalized": {"range": [-2.5, 2.5]},
    "unit_length": {"range": [-1, 1]},
    "mean_of_relu6": {"range": [0, 6]},
    "most_of_pixels": {"range": [0, 1]},
    "pooled_pixels": {"range": [0, 1]},
    "pooled_mean": {"range": [1, 2]},
    "padded": {"range": [0, 2]},
    "center_cropped": {"range": [0, 1]},
    "bilinear": {"range": [0, 1]},
    "resized_by_cropping": {"range": [0, 1]},
    "separable": {"range": [0, 1]},
    "depthwise": {"range": [-1, 1]},
    "hashed": {"range": [0, 6], "id_count": 7},
    "hashed_with_mask": {"range": [0, 6], "id_count": 7},
    "looked_up": {"range": [0, 4], "id_count": 5},
    "looked_up_with_special": {"range": [0, 5], "id_count": 6},
    "looked_up_with_mask": {"range": [0, 7], "id_count": 8},
    "looked_up_one_hot": {"range": [0, 1]},
    "looked_up_many_hot": {"range": [0, 1]},
    "looked_up_numbers": {"range": [0, 3], "id_count": 4},
    "vectorized": {"range": [0, 5], "id_count": 6},
    "bucketized": {"range": [0, 3], "id_count": 4},
    "encoded": {"range": [0, 1]},
    "ops_scaled": {"range": [-0.5, 0]},
    "ops_one_less": {"range": [0, 1]},
    "ops_clipped": {"range": [-1, 2]},
    "ops_relu": {"range": [0, 3]},
    "ops_relu_half": {"range": [0, 3]},
    "ops_mean": {"range": [0, 1]},
}


def test_no_claim_about_a_trap_is_refuted(tmp_path):
    told = told_by("tests.inference.refute_keras", "traps", tmp_path)
    assert told["refuted"] == []
    assert len(told["claimed"]) >= 150
    assert told["compared"] >= 900
    outputs = {name: list(claims.values())[-1] for name, claims in told["claimed"].items()}
    assert {name: fact for name, fact in NEVER.items() if fact in outputs[name]} == {}
    assert {name: outputs[name] for name in FOUND} == FOUND
    several = {name: list(told["claimed"][name].values())[-2:] for name in ("nested_two", "shared", "two_inputs")}
    assert several == {
        "nested_two": [{"range": [0, 1]}, {"range": [-1, 1]}],
        "shared": [{"range": [0, 1]}, {"linear": True}],
        "two_inputs": [{"range": [-1, 1]}, SCORES],
    }
    inputs = {name: next(iter(claims.values())) for name, claims in told["claimed"].items()}
    assert inputs["rescaled_pixels"] == {"range": [0, 255]}
    assert inputs["separable"] == {"axes": ["batch", "height", "width", "channel"]}
    assert inputs["ops_softmax"] == {"softmax_applied": True}
    assert inputs["softmax_masked"] == {}


def test_no_claim_about_a_keras_application_is_refuted(tmp_path):
    told = told_by("tests.inference.refute_keras", "applications", tmp_path)
    assert told["refuted"] == []
    outputs = {name: list(claims.values())[-1] for name, claims in told["claimed"].items()}
    assert told["compared"] >= 49
    assert outputs == {
        **dict.fromkeys(("MobileNet", "MobileNetV3Small", "EfficientNetB0"), SCORES),
        "MobileNetV2": {"linear": True},
        "EfficientNetV2B0": {},
    }
    inputs = {name: next(iter(claims.values())) for name, claims in told["claimed"].items()}
    scaled = {name for name, claims in inputs.items() if claims.get("range") == [0, 255]}
    assert scaled == {"MobileNetV3Small", "EfficientNetB0", "EfficientNetV2B0"}
