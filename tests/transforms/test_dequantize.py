from __future__ import annotations

ONE = {"quantization": {"scale": 0.0078125, "zero_point": 128}}
EACH = {"quantization": {"scale": [0.1, 0.25, 3], "zero_point": [0, -1, 5], "axis": -1}}
CASES = [
    ("any[?, 3]", "float32[?, 3]", ONE),
    ("any[?, 3]", "float64[?, 3]", ONE),
    ("int8[?, 3]", "float16[?, 3]", ONE),
    ("int8[?, 4, 3]", "float32[?, 4, 3]", EACH),
    ("int32[?, 3, 2]", "float32[?, 3, 2]", {"quantization": {**EACH["quantization"], "axis": 1}}),
    ("ragged uint8[?, None]", "ragged float32[?, None]", ONE),
    ("ragged int8[?, None, 3]", "ragged float32[?, None, 3]", EACH),
    ("ragged int8[?, None, 2, 3]", "ragged float16[?, None, 2, 3]", EACH),
    ("uint8[*]", "float32[*]", ONE),
]


def test_a_range_is_one_of_real_numbers_before_and_after(propose):
    facts = {"quantization": {"scale": 1 / 256, "zero_point": 0}, "range": [0, 0.997]}
    (step,) = propose("dequantize", "uint8[?]", "float32[?]", facts)
    assert step.result.facts.range == (0, 0.997)
    # To within a step it is the required one.
    (step,) = propose("dequantize", "uint8[?]", "float32[?]", facts, {"range": [0, 1]})
    assert step.result.facts.range == (0, 1)
    (step,) = propose("dequantize", "uint8[?]", "float32[?]", ONE, {"range": [0, 1]})
    assert step.result.facts.range is None


def test_scales_without_an_axis_of_their_number_are_not_used(propose):
    assert propose("dequantize", "int8[?, 4]", "float32[?, 4]", EACH) == []
    assert propose("dequantize", "int8[?, ?]", "float32[?, 3]", EACH) == []


def test_from_one_quantization_to_another_is_a_step_of_its_own(propose):
    other = {"quantization": {"scale": 0.5, "zero_point": 0}}
    assert propose("dequantize", "uint8[?]", "uint8[?]", ONE, other) == []


def test_a_normalization_that_differs_needs_the_real_numbers(propose):
    facts = [
        {**ONE, "normalization": {"mean": 0, "std": 1, "raw_range": [0, 255]}},
        {"quantization": {"scale": 0.5, "zero_point": 0}, "normalization": {"mean": 127.5, "std": 127.5}},
    ]
    assert propose("dequantize", "uint8[?]", "uint8[?]", *facts)
