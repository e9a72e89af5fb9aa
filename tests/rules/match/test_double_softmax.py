from __future__ import annotations

from sigcheck.rules.match import double_softmax

SOFT = {"name": "meaning", "value": "probabilities", "tier": "proved", "reason": "Softmax"}
APPLIED = {"name": "softmax_applied", "value": True, "tier": "proved", "reason": "Softmax of the input itself"}


def test_probabilities_before_a_softmax(seen):
    (finding,) = double_softmax.find(seen([SOFT], [APPLIED]))
    assert (finding.level, finding.place) == ("warning", "x")
    assert finding.message == "required values for a softmax, provided probabilities of one (Softmax)"


def test_one_softmax_is_none_too_many(seen):
    assert not list(double_softmax.find(seen([SOFT], [])))
    assert not list(double_softmax.find(seen([], [APPLIED])))
    assert not list(double_softmax.find(seen([SOFT | {"value": "log_probabilities"}], [APPLIED])))
