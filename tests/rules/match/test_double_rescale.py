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
    assert finding.help.startswith("declare what the input takes: --fact consumer.x.range=0,255")
    # Other ends only bound the values: nothing is scaled from them.
    assert finding.help.endswith("by what mean and std it was normalized") == (ends not in {(0, 1), (-1, 1)})


@pytest.mark.parametrize("ends", [(-2.12, 2.65), (-123.68, 151.06), (-3, 6)])
def test_values_around_zero_were_normalized_already(seen, ends):
    (finding,) = double_rescale.find(seen([proved(*ends)], [SCALING]))
    assert finding.level == "note"
    (finding,) = double_rescale.find(seen([proved(*ends)], [], wants={"range": (0, 255)}))
    assert finding.level == "warning"
    assert finding.message.startswith("required values in [0, 255], the graph gives values in [-")
    assert finding.help.startswith("feed the raw values; or declare the output's own range")


def test_a_range_or_a_normalization_that_is_declared_is_compared_by_the_plan(seen):
    normalized = {"normalization": {"mean": 127.5, "std": 127.5, "raw_range": (0, 255)}}
    for gives in ({"range": (-2.12, 2.65)}, normalized):
        assert not list(double_rescale.find(seen([proved(-2.12, 2.65)], [], gives=gives, wants={"range": (0, 255)})))
    (finding,) = double_rescale.find(seen([proved(-2.12, 2.65)], [SCALING], gives=normalized))
    assert finding.help == "declare what the input takes: --fact consumer.x.range=0,255"


def test_values_that_go_a_little_beyond_are_raw(seen):
    assert not list(double_rescale.find(seen([proved(-30, 290)], [SCALING])))


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


def test_what_data_showed_is_no_encoding(seen):
    """Values that were normalized by channels are not scaled back by the ends that some of them had."""
    (finding,) = double_rescale.find(seen([], [SCALING], gives={"range": (-2.12, 2.64)}, origin="observed"))
    assert finding.help.endswith("by what mean and std it was normalized")
