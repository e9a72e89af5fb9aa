from __future__ import annotations

RGB, BGR = {"channel_order": "RGB"}, {"channel_order": "BGR"}
CASES = [
    ("any[?, 4, 3]", "any[?, 4, 3]", RGB, BGR),
    ("uint8[?, 3, 4, 4]", "uint8[?, 3, 4, 4]", BGR, RGB),
    ("float32[3, 3]", "float32[3, 3]", RGB, BGR),
    ("float32[?, 0, 3]", "float32[?, 0, 3]", RGB, BGR),
]


def test_it_is_exact_and_assumes_nothing(propose):
    (step,) = propose("reverse_channels", "uint8[?, 8, 8, 3]", "uint8[?, 8, 8, 3]", RGB, BGR)
    assert (step.loss, step.assumption, step.cost.meaning) == ("exact", None, (0, 0, 0, 0, 0, 0))


def test_the_numbers_of_the_colours_are_reversed_with_them(propose):
    facts = {
        **RGB,
        "normalization": {"mean": [1, 2, 3], "std": [4, 5, 6]},
        "quantization": {"scale": [1, 2, 3], "zero_point": [4, 5, 6], "axis": -1},
    }
    (step,) = propose("reverse_channels", "int8[?, 8, 3]", "int8[?, 8, 3]", facts, BGR)
    found = step.result.facts
    assert (found.normalization.mean, found.normalization.std) == ((3, 2, 1), (6, 5, 4))
    assert (found.quantization.scale, found.quantization.zero_point) == ((3, 2, 1), (6, 5, 4))


def test_scales_of_another_axis_stay(propose):
    facts = {**RGB, "quantization": {"scale": [1, 2, 3, 4], "zero_point": [0, 0, 0, 0], "axis": 0}}
    (step,) = propose("reverse_channels", "int8[4, 3]", "int8[4, 3]", facts, BGR)
    assert step.result.facts.quantization.scale == (1, 2, 3, 4)
