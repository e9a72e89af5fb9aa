from __future__ import annotations

from sigcheck.rules import undeclared_range
from sigcheck.rules.project import ProjectView


def check(match, gives, wants):
    return {
        "verdict": "fits",
        "bindings": match("float32[?, 3]", "float32[?, 3]", verdict="fits", gives=gives, wants=wants).bindings,
    }


def test_a_range_that_one_side_knows(match, link, told):
    project = ProjectView(links=(link("a", "b", check=check(match, {}, {"range": [0, 1]})),))
    assert told(undeclared_range, project) == ["a -> b: note the value range is known of the consumer only"]
    project = ProjectView(links=(link("a", "b", check=check(match, {"range": [0, 1]}, {})),))
    assert told(undeclared_range, project) == ["a -> b: note the value range is known of the producer only"]


def test_a_range_that_both_or_none_know(match, link, told):
    both = check(match, {"range": [0, 1]}, {"range": [0, 1]})
    project = ProjectView(links=(link("a", "b", check=both), link("b", "c", check=check(match, {}, {}))))
    assert told(undeclared_range, project) == []
