from __future__ import annotations

from sigcheck.rules.project import unused_model
from sigcheck.rules.views.project import ProjectView


def test_a_model_without_a_link(model, link, told):
    project = ProjectView(models=(model("a"), model("b"), model("c")), links=(link("a", "b"),))
    assert told(unused_model, project) == ["c: warning no link uses it"]


def test_without_links_no_model_is_unused(model, told):
    assert told(unused_model, ProjectView(models=(model("a"),))) == []
