from __future__ import annotations

import numpy as np

import sigcheck
from sigcheck.encodings.written_data import parse_toml
from sigcheck.reports import OBSERVATION_FORMATS


def written(**tensors):
    return OBSERVATION_FORMATS["toml"].render_observation(sigcheck.observe([tensors]), "consumer")


def test_bounds_are_facts_and_meanings_are_comments():
    told = written(**{"a b": np.array([3, 0, 7], np.int64)})
    assert parse_toml(told)["consumer"]["a b"]["range"] == [0.0, 7.0]
    assert "id_count" not in parse_toml(told)["consumer"]["a b"]
    assert "# id_count = 8  # if these are ids" in told


def test_comments_can_be_taken_over():
    told = written(x=np.array([[1, 2, 0, 0], [3, 0, 0, 0]], np.int64))
    taken = "\n".join(line.removeprefix("# ") for line in told.splitlines() if not line.startswith("# W"))
    assert parse_toml(taken.partition("declare.\n")[2])["consumer"]["x"]["padding"] == {"value": 0, "side": "post"}


def test_one_value_has_no_range():
    assert "range" not in written(x=np.ones(3, np.float32))
