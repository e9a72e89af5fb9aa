from __future__ import annotations

from sigcheck.rules.project import unmatched_ignore
from sigcheck.rules.views.project import ProjectView


def test_an_ignore_that_matched_nothing(told):
    project = ProjectView(unmatched=(("a -> b", "lossy_cast"),))
    assert told(unmatched_ignore, project) == ["a -> b: warning nothing to ignore: lossy_cast is not found there"]


def test_no_ignores(told):
    assert told(unmatched_ignore, ProjectView()) == []
