from __future__ import annotations

from dataclasses import replace

import pytest

from sigcheck.rules.match import observed_contradicts_declared
from sigcheck.schema.evidence import Evidence

ROWS = {"facts": (), "rows": 1000, "files": ("samples.npz sha256:ab",)}


@pytest.fixture
def told(seen):
    """What the rule finds of a pair `out` and `x`, with what data showed of one side."""

    def run(side="producer", taken=(), given=(), gives=None, wants=None, spec="float32[?, 24]", **shown):
        view = seen(given, taken, gives=gives, wants=wants, provided=spec, required=spec)
        name = "out" if side == "producer" else "x"
        view = replace(view, evidence={side: {name: Evidence(**ROWS, **shown)}})
        return [(one.place, one.message) for one in observed_contradicts_declared.find(view)]

    return run


def test_data_outside_of_the_declared_range_is_told_of_either_side(told):
    message = "data holds values in [0, 255], against the declared range [0, 1]"
    assert told(gives={"range": (0, 1)}, values=(0, 255)) == [("out", message)]
    assert told("consumer", wants={"range": (0, 1)}, values=(0, 255)) == [("x", message)]


def test_what_a_graph_proves_is_no_less(told):
    claim = {"name": "range", "value": [0, 1], "tier": "proved", "reason": "Sigmoid"}
    assert told(given=[claim], values=(-1, 1))[0][1].endswith("against the inferred range [0, 1]")


def test_data_within_is_silent_and_so_is_the_last_digit(told):
    assert told(gives={"range": (0, 1)}, values=(0, 1.0000001)) == []
    assert told(gives={"range": (0, 255)}, values=(3, 251)) == []


def test_what_the_dtype_cannot_hold(told):
    (one,) = told(spec="uint8[?, 24]", values=(0, 300))
    assert one == ("out", "data holds values in [0, 300], against the uint8 with the range [0, 255]")


def test_ids_beyond_the_count_of_their_own_side_and_of_the_input(told):
    own = told(gives={"id_count": 100}, values=(0, 100), whole=True, spec="int32[?, 24]")
    assert own == [("out", "data holds the id 100, against the declared id_count 100")]
    other = told(wants={"id_count": 100}, values=(0, 100), whole=True, spec="int32[?, 24]")
    assert other == [("x", "data of out holds the id 100, the input takes ids below 100")]
    assert told(wants={"id_count": 100}, values=(0, 99), whole=True, spec="int32[?, 24]") == []


def test_negative_and_broken_ids(told):
    ids = {"gives": {"meaning": "token_ids"}}
    assert "value" in told(**ids, values=(-1, 9), whole=True)[0][1]
    assert told(**ids, values=(0, 9), whole=False) == [
        ("out", "data holds values that are not whole, against the declared token_ids")
    ]


def test_rows_that_do_not_sum_to_one(told):
    shares = {"gives": {"meaning": "probabilities"}, "values": (0, 0.9)}
    assert told(**shares, sums_to_one=False) == [
        ("out", "data holds rows that do not sum to one, against the declared probabilities")
    ]
    assert told(**shares, sums_to_one=True) == told(**shares) == []


def test_stored_numbers_are_not_held_against_real_ones(told):
    stored = {"quantization": {"scale": 1 / 255, "zero_point": -128}, "range": (0, 1)}
    assert told(spec="int8[?, 24]", gives=stored, values=(-128, 127)) == []
