from __future__ import annotations

from sigcheck.rules.project import unreadable_model
from sigcheck.rules.views.project import ProjectView


def test_a_model_with_a_problem(model, told):
    project = ProjectView(
        models=(model("a", problem="models/a: no such file. Check the path."), model("b", outputs={}))
    )
    assert told(unreadable_model, project) == ["a: error models/a: no such file. Check the path."]


def test_a_model_that_has_to_be_loaded_is_no_dead_end(model):
    problems = ("a.keras: a layer of its own. Read it with --load.", "to be loaded (load = true). Add --load.")
    helps = [
        one.finding.help
        for one in unreadable_model.find(ProjectView(models=tuple(model("a", problem=one) for one in problems)))
    ]
    cure = "run `sigcheck lock --load` once, where it may be loaded, and commit the lock"
    assert helps == [f"write load = true at the model in the config; then {cure}", cure]
