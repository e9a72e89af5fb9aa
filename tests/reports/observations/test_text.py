from __future__ import annotations

import numpy as np

import sigcheck
from sigcheck.reports import OBSERVATION_FORMATS


def rendered(name, **tensors):
    return OBSERVATION_FORMATS[name].render_observation(sigcheck.observe([tensors]), "consumer")


def test_few_channels_are_told_and_many_are_not():
    assert "[..., 2]" in rendered("text", x=np.ones((2, 3), np.float32))
    told = rendered("text", x=np.ones((2, 9), np.float32))
    assert "[..., 2]" not in told
    assert "each of its 9 entries is in the JSON" in told


def test_names_break_no_line():
    assert "\nb" not in rendered("text", **{"a\nb": np.ones(3)})


def test_lengths_have_a_recommended_one():
    values = np.zeros((100, 20), np.int64)
    values[:, :5] = values[0, :8] = 7
    told = rendered("text", x=values)
    assert "8 *" in told
    assert "0 fills the end of 100.0% of the rows" in told


def test_whole_ends_are_told_to_the_last_digit_as_far_as_a_float_has_it():
    """Ids are looked up by their last digit; what lies beyond 2**53 is none that a float has."""
    assert "1234567 to 12345678," in rendered("text", x=np.array([1234567.0, 12345678.0]))
    assert "1.23457e+06 to 1.80144e+16," in rendered("text", x=np.array([1234567.5, 2.0**54]))
    assert f"0 to {2**60 + 1}," in rendered("text", x=np.array([0, 2**60 + 1]))
