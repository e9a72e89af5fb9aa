from __future__ import annotations

import pytest

BYTES = {"quantization": {"scale": 0.0078, "zero_point": -1}}


def test_it_speaks_for_the_dtype_too(only, step):
    finding = only("int8[?, 16]", "float32[?, 16]", step("dequantize", "float32[?, 16]"), gives=BYTES)
    assert (finding.level, finding.rule) == ("warning", "quantization_mismatch")
    assert finding.message == "required float32 real numbers, provided int8 of scale 0.0078 and zero point -1"


@pytest.mark.parametrize(
    ("gives", "said"),
    [({"range": [0, 255]}, "that stand for themselves"), ({}, "of which nothing says what they stand for")],
)
def test_whole_numbers_are_no_real_ones(only, step, gives, said):
    finding = only("uint8[?, 16]", "int8[?, 16]", step("quantize", "int8[?, 16]"), gives=gives, wants=BYTES)
    assert finding.message == f"required int8 of scale 0.0078 and zero point -1, provided uint8 {said}"


def test_two_scales_that_nothing_converts_are_an_error(found):
    wants = {"quantization": {"scale": [0.1, 0.2], "zero_point": [0, 0], "axis": 1}}
    assert found("int8[?, 2]", "int8[?, 2]", gives=BYTES, wants=wants) == ["error quantization_mismatch"]


def test_one_quantization_on_both_sides_is_silent(found):
    assert found("int8[?]", "int8[?]", gives=BYTES, wants=BYTES, verdict="fits") == []
