from __future__ import annotations

import pytest

from sigcheck.rules.match import coarse_quantization
from sigcheck.schema.facts import Quantization

# uint8: real values from 0 to 255, as they are.
WANTS = {"quantization": Quantization(scale=1, zero_point=0)}


def proved(low, high):
    return {"name": "range", "value": [low, high], "tier": "proved", "reason": "RealDiv 255"}


@pytest.mark.parametrize(("ends", "numbers"), [((0, 1), 2), ((-1, 1), 2), ((3, 17), 15)])
def test_values_of_few_steps(seen, ends, numbers):
    (finding,) = coarse_quantization.find(seen([proved(*ends)], [], required="uint8[?, 24]", wants=WANTS))
    assert finding.message == (
        f"stored in steps of 1, provided values in [{ends[0]}, {ends[1]}]: {numbers} numbers tell them apart"
    )
    more = "" if ends in {(0, 1), (-1, 1)} else ", and the range of the output"
    assert finding.help == f"declare what the input takes: --fact consumer.x.range=0,255{more}"


def test_a_declared_range_counts_too(seen):
    view = seen([], [], required="uint8[?, 24]", gives={"range": (0, 1)}, wants=WANTS)
    assert len(list(coarse_quantization.find(view))) == 1


@pytest.mark.parametrize("ends", [(0, 255), (0, 16), (300, 400)])
def test_values_of_many_steps_or_of_none(seen, ends):
    assert not list(coarse_quantization.find(seen([proved(*ends)], [], required="uint8[?, 24]", wants=WANTS)))


def test_what_is_converted_whole_or_unknown_is_no_matter(seen):
    told = {"required": "uint8[?, 24]", "wants": WANTS}
    assert not list(coarse_quantization.find(seen([], [], **told)))
    assert not list(coarse_quantization.find(seen([proved(0, 1)], [], required="uint8[?, 24]")))
    assert not list(coarse_quantization.find(seen([proved(0, 1)], [], provided="uint8[?, 24]", **told)))
    assert not list(coarse_quantization.find(seen([proved(0, 1)], [], gives={"meaning": "mask"}, **told)))
    wants = {**WANTS, "range": (0, 255)}
    assert not list(coarse_quantization.find(seen([proved(0, 1)], [], required="uint8[?, 24]", wants=wants)))
