from __future__ import annotations

from sigcheck.rules.project import unreadable_model
from sigcheck.rules.views.project import ProjectView


def test_a_model_with_a_problem(model, told):
    project = ProjectView(
        models=(model("a", problem="models/a: no such file. Check the path."), model("b", outputs={}))
    )
    assert told(unreadable_model, project) == ["a: error models/a: no such file. Check the path."]
