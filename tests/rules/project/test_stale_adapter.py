from __future__ import annotations

from sigcheck.rules.project import stale_adapter
from sigcheck.rules.views.project import ProjectView


def test_a_file_for_other_specs(link, told):
    needed = {"verdict": "adapts", "adapter": {"source": "..."}}
    found = told(stale_adapter, ProjectView(links=(link("a", "b", "stale", needed), link("b", "c", "current", needed))))
    assert found == ["a -> b: error adapters/a.py was written for other specs or steps"]


def test_a_file_that_is_not_needed_any_more(link, told):
    found = told(stale_adapter, ProjectView(links=(link("a", "b", "stale", {"verdict": "fits"}),)))
    assert found == ["a -> b: error adapters/a.py is not needed"]
