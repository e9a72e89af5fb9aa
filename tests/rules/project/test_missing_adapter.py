from __future__ import annotations

from sigcheck.rules.project import missing_adapter
from sigcheck.rules.views.project import ProjectView


def test_a_file_that_is_not_there(link, told):
    found = told(missing_adapter, ProjectView(links=(link("a", "b", "missing"), link("b", "c", "current"))))
    assert found == ["a -> b: error adapters/a.py is not there"]


def test_a_link_that_names_no_file(link, told):
    found = told(missing_adapter, ProjectView(links=(link("a", "b", "unnamed"),)))
    assert found == ["a -> b: error an adapter is needed, and the link names no file"]
