from __future__ import annotations

import pytest

from sigcheck.rules.match import double_rescale

SCALING = {"name": "range", "value": [0, 255], "tier": "convention", "reason": "Mul 0.00392157"}


def proved(low, high):
    return {"name": "range", "value": [low, high], "tier": "proved", "reason": "Sigmoid"}


@pytest.mark.parametrize("ends", [(0, 1), (-1, 1), (0, 0.5)])
def test_scaled_values_before_a_scaling_of_pixels(seen, ends):
    (finding,) = double_rescale.find(seen([proved(*ends)], [SCALING]))
    assert finding.level == "note"
    assert finding.message.startswith("scaled as values in [0, 255] are (Mul 0.00392157), provided values in [")
    assert finding.help == "declare what the input takes: --fact consumer.x.range=0,255"


def test_a_declared_range_of_the_output_counts(seen):
    assert len(list(double_rescale.find(seen([], [SCALING], gives={"range": (0, 1)})))) == 1


def test_raw_pixels_are_what_a_scaling_is_for(seen):
    assert not list(double_rescale.find(seen([proved(0, 255)], [SCALING])))
    assert not list(double_rescale.find(seen([], [SCALING])))
    assert not list(double_rescale.find(seen([proved(0, 1)], [])))


def test_where_the_input_is_declared_the_ranges_are_compared_elsewhere(seen):
    assert not list(double_rescale.find(seen([proved(0, 1)], [SCALING], wants={"range": (0, 255)})))


def test_a_scaling_of_unit_values_is_no_second_one(seen):
    assert not list(double_rescale.find(seen([proved(0, 1)], [SCALING | {"value": [0, 1]}])))
