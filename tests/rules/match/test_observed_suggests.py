from __future__ import annotations

from dataclasses import replace

import pytest

from sigcheck.rules.match import observed_suggests
from sigcheck.schema.evidence import Evidence

UNIT = {"range": (0, 1)}
PROVED = [{"name": "range", "value": [0, 1], "tier": "proved", "reason": "Rescaling"}]


@pytest.fixture
def helps(seen):
    def run(values, wants=None, taken=(), gives=None, spec="float32[?, 24]", *, whole=True):
        evidence = Evidence(facts=(), rows=10, files=("a.npz sha256:ab",), values=values, whole=whole)
        view = seen((), taken, gives=gives, wants=wants, provided=spec, required=spec)
        return [one.help for one in observed_suggests.find(replace(view, evidence={"producer": {"out": evidence}}))]

    return run


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
