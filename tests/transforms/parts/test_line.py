from __future__ import annotations

import doctest
from fractions import Fraction

import pytest

import sigcheck
from sigcheck.transforms.parts import line

LARGEST = Fraction(2) ** 128 - Fraction(2) ** 104


def test_the_examples_run():
    assert doctest.testmod(line).failed == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_what_is_too_large_for_float32_is_not_held(sign):
    assert line.held(sign * LARGEST, "float32") == float(sign * LARGEST)
    assert line.held(sign * Fraction(2) ** 128, "float32") is None


def test_numbers_that_only_their_combination_needs_are_no_traceback():
    one, other = ({"mean": [mean], "std": [std], "raw_range": [0, 255]} for mean, std in ((3e38, 1e-3), (1.0, 2.0)))
    facts = {"producer": {"x": {"normalization": one}}, "consumer": {"x": {"normalization": other}}}
    report = sigcheck.check({"x": "float32[?, 2]"}, {"x": "float32[?, 2]"}, facts=facts, verify="typed")
    assert [step.transform for step in report.bindings[0].steps] == ["destandardize", "standardize"]
    assert "inf" not in report.adapter.source
