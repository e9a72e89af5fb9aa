from __future__ import annotations

from sigcheck.rules.project import unchecked_link
from sigcheck.rules.views.project import ProjectView


def test_a_link_with_a_problem_of_its_own(link, told):
    project = ProjectView(links=(link("a", "b", problem="no output 'z'"), link("b", "c")))
    assert told(unchecked_link, project) == ["a -> b: error no output 'z'"]


def test_a_model_that_cannot_be_read_speaks_for_its_links(model, link, told):
    project = ProjectView(models=(model("a", problem="broken"),), links=(link("a", "b", problem="a was not read"),))
    assert told(unchecked_link, project) == []
