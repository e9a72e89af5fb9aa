from __future__ import annotations

import json

import numpy as np

import sigcheck
from sigcheck.reports import OBSERVATION_FORMATS


def test_facts_stand_under_their_side_and_say_that_they_were_observed():
    found = sigcheck.observe([{"x": np.arange(6.0)}])
    written = json.loads(OBSERVATION_FORMATS["facts_json"].render_observation(found, "consumer"))
    behind = {"facts": ["range"], "rows": 6, "files": [], "values": [0.0, 5.0], "whole": True}
    quantiles = written["consumer"]["x"]["observed"].pop("quantiles")
    assert quantiles[4] == [0.5, 2.0]
    assert written == {"consumer": {"x": {"range": [0.0, 5.0], "observed": behind}}}
