from __future__ import annotations

import json

import numpy as np

import sigcheck
from sigcheck.reports import OBSERVATION_FORMATS
from sigcheck.schema.observation import Observation


def test_what_is_written_is_what_was_observed():
    found = sigcheck.observe([{"x": np.arange(6.0).reshape(2, 3), "t": np.array([b"a", b"b"])}])
    written = OBSERVATION_FORMATS["json"].render_observation(found, "producer")
    assert json.loads(written)["tensors"][1]["numbers"]["mean"] == 2.5
    assert Observation.model_validate_json(written) == found
