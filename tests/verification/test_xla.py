"""Adapters under XLA: every step whose sizes are all known compiles, and gives what it gives without."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from sigcheck.adapters.python_source import write_python
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding, Side
from sigcheck.transforms import BY_NAME
from sigcheck.verification.comparison import find_difference
from sigcheck.verification.reference import UndefinedCaseError
from sigcheck.verification.value_cases import value_cases
from tests.verification.plans import allowed_difference, measure_precision, run_plan

pytestmark = pytest.mark.tensorflow

SIDE = Side(source="a", reader="signature", key="default")
RGB = {"axes": ("batch", "height", "width", "channel"), "channel_order": "RGB"}
MEANS = {"normalization": {"mean": [1.0], "std": [2.0], "raw_range": [0, 255]}}
PADDED = {"padding": {"value": 0}}
PIXELS = {"range": (0, 255), "meaning": "pixels"}
QUANTIZED = {"quantization": {"scale": [0.5], "zero_point": [3]}}

# (provided, its facts, required, its facts): each leads to steps of one or more transforms. No unknown size.
PAIRS = {
    "expand_dims": ("float32[2, 3]", {}, "float32[2, 1, 3]", {}),
    "squeeze": ("float32[2, 1, 3]", {}, "float32[2, 3]", {}),
    "reshape": ("float32[2, 3, 4]", {}, "float32[2, 12]", {}),
    "transpose": ("float32[2, 5, 4, 3]", {}, "float32[2, 3, 5, 4]", {}),
    "cast": ("float64[2, 3]", {}, "float32[2, 3]", {}),
    "cast to float16": ("float32[2, 3]", {}, "float16[2, 3]", {}),
    "cast to bfloat16": ("float32[2, 3]", {}, "bfloat16[2, 3]", {}),
    "cast from bfloat16": ("bfloat16[2, 3]", {}, "float32[2, 3]", {}),
    "pad": ("int32[2, 3]", {}, "int32[2, 5]", {"padding": {"value": 0}}),
    "repad": ("int32[2, 5]", PADDED, "int32[2, 5]", {"padding": {"value": -1}}),
    "truncate": ("int32[2, 5]", {}, "int32[2, 3]", {}),
    "repeat": ("float32[2, 4, 5, 1]", {}, "float32[2, 4, 5, 3]", {}),
    "scale": ("float32[2, 3]", {"range": (0, 255)}, "float32[2, 3]", {"range": (0, 1)}),
    "scale in float16": ("float16[2, 3]", {"range": (0, 255)}, "float16[2, 3]", {"range": (0, 1)}),
    "scale in bfloat16": ("bfloat16[2, 3]", {"range": (0, 255)}, "bfloat16[2, 3]", {"range": (0, 1)}),
    "standardize": ("float32[2, 3]", {"range": (0, 255)}, "float32[2, 3]", MEANS),
    "standardize in float16": ("float16[2, 3]", {"range": (0, 255)}, "float16[2, 3]", MEANS),
    "reverse_channels": ("float32[2, 4, 5, 3]", RGB, "float32[2, 4, 5, 3]", {**RGB, "channel_order": "BGR"}),
    "rgb_to_gray": ("float32[2, 4, 5, 3]", RGB, "float32[2, 4, 5, 1]", {**RGB, "channel_order": "GRAY"}),
    "quantize": ("float32[2, 3]", {}, "int8[2, 3]", QUANTIZED),
    "dequantize": ("int8[2, 3]", QUANTIZED, "float32[2, 3]", {}),
    "softmax": ("float32[2, 3]", {"meaning": "logits"}, "float32[2, 3]", {"meaning": "probabilities"}),
    "softmax in bfloat16": ("bfloat16[2, 3]", {"meaning": "logits"}, "bfloat16[2, 3]", {"meaning": "probabilities"}),
    "destandardize": ("float32[2, 3]", MEANS, "float32[2, 3]", {"range": (0, 255)}),
    "requantize": ("int8[2, 3]", QUANTIZED, "int8[2, 3]", {"quantization": {"scale": [0.25], "zero_point": [1]}}),
    "gray_to_rgb": ("float32[2, 4, 5, 1]", {**RGB, "channel_order": "GRAY"}, "float32[2, 4, 5, 3]", RGB),
    "drop_alpha": ("float32[2, 4, 5, 4]", {**RGB, "channel_order": "RGBA"}, "float32[2, 4, 5, 3]", RGB),
    "argmax": ("float32[2, 5]", {"meaning": "logits"}, "int64[2]", {"meaning": "class_ids"}),
    "one_hot": ("int32[2]", {"meaning": "class_ids", "id_count": 5}, "float32[2, 5]", {"meaning": "probabilities"}),
    "rounding_cast": ("float32[2, 3]", PIXELS, "uint8[2, 3]", PIXELS),
    "saturating_cast": ("int32[2, 3]", {}, "int8[2, 3]", {}),
    "clip": ("int32[2, 3]", {"range": (0, 255)}, "int32[2, 3]", {"range": (0, 99)}),
    "batch_min_max": ("float32[2, 3]", {"meaning": "pixels"}, "float32[2, 3]", {"meaning": "pixels", "range": (0, 1)}),
    "lengths": ("int32[2, 5]", PADDED, "int64[2]", {"meaning": "lengths"}),
    "mask": ("int32[2, 5]", PADDED, "int32[2, 5]", {"meaning": "mask"}),
    "lengths_to_mask": ("uint8[2]", {"meaning": "lengths"}, "int32[2, 255]", {"meaning": "mask"}),
    "mark_greatest": ("float32[2, 5]", {"meaning": "logits"}, "int32[2, 5]", {"meaning": "mask"}),
    "crop": ("float32[2, 5, 5, 3]", RGB, "float32[2, 3, 3, 3]", RGB),
    "mean, sum, first and last": (
        "float32[2, 5, 3]",
        {"axes": ("batch", "time", "feature")},
        "float32[2, 3]",
        {"axes": ("batch", "feature")},
    ),
    "convert_boxes": ("float32[2, 4]", {"boxes": "yxyx normalized"}, "float32[2, 4]", {"boxes": "xywh normalized"}),
    "mask_to_lengths": ("int32[2, 5]", {"meaning": "mask"}, "int64[2]", {"meaning": "lengths"}),
    "select_class": ("float32[2, 2]", {"meaning": "probabilities"}, "float32[2, 1]", {"meaning": "probabilities"}),
    "resize": ("float32[1, 4, 4, 3]", RGB, "float32[1, 8, 8, 3]", RGB),
    "number_entries": ("int32[5, 2]", {}, "int32[5, 3]", {}),
}


def steps_of(pair):
    """Every step that any transform proposes for the pair: the catalog decides what is tried."""
    provided, gives, required, wants = pair
    spec = parse_spec(provided).replace(facts=Facts(**gives))
    goal = parse_spec(required).replace(facts=Facts(**wants))
    return spec, goal, [step for transform in BY_NAME.values() for step in transform.propose(spec, goal)]


@pytest.mark.parametrize("name", PAIRS)
def test_a_step_compiles_and_gives_what_it_means(name):
    import tensorflow as tf

    from sigcheck.verification.tensors import from_tensorflow, to_tensorflow, type_spec

    spec, goal, steps = steps_of(PAIRS[name])
    assert steps, "nothing is proposed for this pair any more"
    for step in steps:
        # XLA drops assertions, and has nothing that varies in size.
        if step.guard is not None or step.result.kind != "dense" or None in (step.result.shape or (None,)):
            continue
        plan = Plan(steps=(step,))
        fields = {"provided": "a", "required": "x", "verdict": "adapts", "provided_spec": spec, "required_spec": goal}
        module = {}
        exec(write_python(SIDE, SIDE, [Binding(plan=plan, **fields)]), module)
        compiled = tf.function(module["adapt"], input_signature=[{"a": type_spec(spec)}], jit_compile=True)
        compared = 0
        for case in value_cases(spec):
            with contextlib.suppress(UndefinedCaseError):
                expected = run_plan(BY_NAME, spec, [step], case.value)
                if step.transform == "resize" and not np.isfinite(case.value).all():
                    # XLA resizes by a convolution, in which a weight of 0 times infinity is NaN.
                    continue
                actual = from_tensorflow(compiled({"a": to_tensorflow(case.value, spec)})["x"])
                allowed = allowed_difference(BY_NAME, spec, [step], case.value, expected)
                assert find_difference(expected, actual, allowed) is None, (str(step), case.name)
                # Every step of numbers has a meaning in double precision, so that its error is known.
                assert measure_precision(BY_NAME, spec, [step], case.value, actual) is not None, str(step)
                compared += 1
        assert compared, str(step)


def test_every_transform_of_dense_tensors_of_known_sizes_is_tried():
    """A new transform needs a pair here, unless it has no dense tensors, or its steps only guard."""
    tried = {step.transform for pair in PAIRS.values() for step in steps_of(pair)[2]}
    untried = set(BY_NAME) - tried
    assert untried <= UNTRIED, sorted(untried - UNTRIED)


# Ragged, sparse and string tensors, which XLA does not have, and guards, which it drops.
UNTRIED = {
    "decode_base64",
    "decode_csv",
    "decode_image",
    "decode_raw",
    "decode_wav",
    "dense_to_ragged",
    "dense_to_sparse",
    "encode_base64",
    "encode_image",
    "ensure_shape",
    "guard_ids",
    "merge_dims",
    "number_to_string",
    "parse_tensor",
    "ragged_to_dense",
    "ragged_to_sparse",
    "serialize_tensor",
    "sparse_to_dense",
    "sparse_to_ragged",
    "string_to_number",
}
