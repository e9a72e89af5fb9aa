from __future__ import annotations

from dataclasses import replace

import pytest

from sigcheck.rules.match import observed_suggests
from sigcheck.schema.evidence import Evidence

UNIT = {"range": (0, 1)}
PROVED = [{"name": "range", "value": [0, 1], "tier": "proved", "reason": "Rescaling"}]


@pytest.fixture
def helps(seen, levels):
    def run(values, wants=None, taken=(), gives=None, spec="float32[?, 24]", *, whole=True, origin="declared"):
        evidence = Evidence(facts=(), rows=10, files=("a.npz sha256:ab",), values=values, whole=whole)
        view = seen((), taken, gives=gives, wants=wants, provided=spec, required=spec, origin=origin)
        found = list(observed_suggests.find(replace(view, evidence={"producer": {"out": evidence}})))
        levels[:] = [one.level for one in found]
        return [one.help for one in found]

    return run


@pytest.fixture
def levels():
    """Of what was told last."""
    return []


def scaled(low, high):
    return [{"name": "range", "value": [low, high], "tier": "convention", "reason": "Mul, then AddV2"}]


def test_the_declaration_is_ready_to_be_pasted(helps):
    told = ["declare it, if that is its encoding: --fact producer.out.range=0,255 (10 rows of a.npz)"]
    assert helps((3, 251), wants=UNIT) == helps((0, 255), taken=PROVED) == told


def test_data_of_no_usual_encoding_gives_its_own_ends(helps):
    assert helps((-40, 900.5), wants=UNIT, whole=False) == [
        "declare it, if that is its encoding: --fact producer.out.range=-40,900.5 (10 rows of a.npz)"
    ]


def test_dark_and_small_data(helps):
    assert helps((0.1, 0.9), wants={"range": (0, 255)}, whole=False)[0].count("range=0,1 ")
    assert helps((0.1, 0.9), wants={"range": (-1, 1)}, whole=False) == []
    assert helps((0.1, 0.9), wants=UNIT, whole=False) == []


def test_what_is_declared_or_not_known_gives_no_advice(helps):
    assert helps((0, 255), wants=UNIT, gives={"range": (0, 255)}) == []
    assert helps((0, 255)) == []
    assert helps((0, 200), wants={"id_count": 100, "meaning": "token_ids"}, spec="int32[?, 24]") == []


def test_a_usual_scaling_of_the_input_tells_what_it_is_for(helps, levels):
    options = "--fact producer.out.range={} and --fact consumer.{}.range={}"
    told = f"declare it, if that is its encoding: {options} (10 rows of a.npz)"
    assert (
        helps((0, 255), taken=scaled(0, 1)) == helps((3, 251), taken=scaled(0, 1)) == [told.format("0,255", "x", "0,1")]
    )
    assert levels == ["warning"]
    assert helps((-0.9, 1), taken=scaled(0, 255), whole=False) == [told.format("-1,1", "x", "0,255")]
    assert levels == ["warning"]
    # It may be a dark picture.
    assert helps((0, 1), taken=scaled(0, 255), whole=False) == [told.format("0,1", "x", "0,255")]
    assert levels == ["note"]


def test_a_usual_scaling_of_what_it_is_for_or_of_what_nobody_knows_is_silent(helps):
    assert helps((3, 251), taken=scaled(0, 255)) == helps((0, 1), taken=scaled(0, 1), whole=False) == []
    assert helps((-40, 900.5), taken=scaled(0, 1), whole=False) == []
    assert helps((0, 255), taken=scaled(0, 1), gives={"range": (0, 255)}) == []


def test_a_range_that_was_observed_declares_none_of_the_input(helps):
    of_pixels, of_units = ({"taken": scaled(0, top), "origin": "observed"} for top in (255, 1))
    assert len(helps((0, 255), gives={"range": (0, 255)}, **of_units)) == 1
    # double_rescale tells it.
    assert helps((0, 1), gives={"range": (0, 1)}, **of_pixels, whole=False) == []


def test_a_usual_scaling_beside_a_normalization_or_quantization_asks_for_no_range(helps):
    normalized, stored = (
        {"normalization": {"mean": [0.5], "std": [0.25]}},
        {"quantization": {"scale": 1 / 255, "zero_point": 0}},
    )
    assert len(helps((-0.9, 1), taken=scaled(0, 255), whole=False)) == 1
    assert helps((-0.9, 1), taken=scaled(0, 255), wants=normalized, whole=False) == []
    observed = {"range": (0, 1), **stored}
    assert helps((0, 255), taken=scaled(0, 1), gives=observed, spec="uint8[?, 24]", origin="observed") == []


def test_one_value_everywhere_shows_no_encoding(helps):
    assert helps((0, 0), wants={"range": (0, 255)}) == helps((1, 1), taken=scaled(0, 255)) == []
