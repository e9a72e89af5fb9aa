from __future__ import annotations

IMAGENET = {"mean": [123.7, 116.8, 103.9], "std": [1, 1, 1]}


def test_standardized_values_are_one_warning(only, step):
    standardize = step("standardize", "float32[?, 3]", loss="rounding", facts={"normalization": IMAGENET})
    wants = {"normalization": IMAGENET}
    finding = only("float32[?, 3]", "float32[?, 3]", standardize, gives={"range": [0, 255]}, wants=wants)
    assert (finding.level, finding.rule) == ("warning", "normalization_mismatch")
    assert finding.message == (
        "required values normalized with mean [123.7, 116.8, 103.9] and std [1, 1, 1], provided raw values in [0, 255]"
    )


def test_two_normalizations_are_both_told(only):
    finding = only(
        "float32[?]",
        "float32[?]",
        gives={"normalization": {"mean": 0, "std": 1, "raw_range": [0, 9]}},
        wants={"normalization": {"mean": 4.5, "std": 2}},
    )
    assert finding.level == "error"
    assert finding.message == (
        "required values normalized with mean 4.5 and std 2, "
        "provided values normalized with mean 0 and std 1 of raw values in [0, 9]"
    )
