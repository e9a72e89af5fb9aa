from __future__ import annotations

from sigcheck.rules.project import edited_adapter
from sigcheck.rules.views.project import ProjectView


def test_a_file_that_somebody_edited(link, told):
    found = told(edited_adapter, ProjectView(links=(link("a", "b", "edited"), link("b", "c", "current"))))
    assert found == ["a -> b: error adapters/a.py was written or edited by hand"]
