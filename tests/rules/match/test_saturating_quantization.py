from __future__ import annotations

import pytest

from sigcheck.rules.match import saturating_quantization
from sigcheck.schema.facts import Quantization

# int8: real values from -1 to 0.992.
WANTS = {"quantization": Quantization(scale=1 / 128, zero_point=0)}


def proved(low, high):
    return {"name": "range", "value": [low, high], "tier": "proved", "reason": "Relu6"}


@pytest.mark.parametrize("ends", [(0, 6), (-3, 0), (-1.5, 1.5)])
def test_values_beyond_the_scale(seen, ends):
    (finding,) = saturating_quantization.find(seen([proved(*ends)], [], required="int8[?, 24]", wants=WANTS))
    assert finding.level == "warning"
    assert finding.message.startswith("quantized values reach from -1 to 0.992188, provided values in [")


def test_a_declared_range_counts_too(seen):
    view = seen([], [], required="int8[?, 24]", gives={"range": (0, 6)}, wants=WANTS)
    assert len(list(saturating_quantization.find(view))) == 1


def test_values_within_a_step_of_the_scale(seen):
    assert not list(saturating_quantization.find(seen([proved(-1, 1)], [], required="int8[?, 24]", wants=WANTS)))
    assert not list(saturating_quantization.find(seen([], [], required="int8[?, 24]", wants=WANTS)))
    assert not list(saturating_quantization.find(seen([proved(0, 6)], [], required="int8[?, 24]")))


def test_what_is_stored_already_saturates_no_more_by_the_same_scale(seen):
    short = {"quantization": Quantization(scale=0.98 / 255, zero_point=0), "range": (0, 1)}
    view = seen([], [], provided="uint8[?, 24]", required="uint8[?, 24]", gives=short, wants=short)
    assert not list(saturating_quantization.find(view))


READ = {"name": "range", "value": [-0.996, 1.004], "tier": "read", "reason": "Quantize cuts off what lies beyond"}


def test_real_numbers_that_the_model_quantizes_at_once(seen):
    (finding,) = saturating_quantization.find(seen([], [READ], gives={"range": (0, 255)}))
    assert finding.message == "quantized values reach from -0.996 to 1.004, provided values in [0, 255]"
    both = "--fact producer.out.range=0,255 and --fact consumer.x.range=-0.996,1.004"
    assert finding.help.startswith(f"declare {both}, if these are one encoding and the other")
    assert not list(saturating_quantization.find(seen([proved(-1, 1)], [READ])))
    # Both ends are declared: what is cut off then is what the plan gives.
    view = seen([], [READ], gives={"range": (0, 255)}, wants={"range": (-0.996, 1.004)})
    assert not list(saturating_quantization.find(view))
