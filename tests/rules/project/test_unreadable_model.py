from __future__ import annotations

from sigcheck.rules.project import unreadable_model
from sigcheck.rules.views.project import ProjectView


def test_a_model_with_a_problem(model, told):
    project = ProjectView(
        models=(model("a", problem="models/a: no such file. Check the path."), model("b", outputs={}))
    )
    assert told(unreadable_model, project) == ["a: error models/a: no such file. Check the path."]


def cure(model):
    (one,) = unreadable_model.find(ProjectView(models=(model,)))
    return one.finding.help


def test_a_model_that_has_to_be_loaded_is_no_dead_end(model):
    load = "run `sigcheck lock --load` once, where it may be loaded, and commit the lock"
    declared = f"write load = true at the model in the config; then {load}"
    assert cure(model("a", problem="says nothing", unread="to_be_declared")) == declared
    assert cure(model("a", problem="says nothing", unread="to_be_asked_for")) == load


def test_what_is_to_be_done_does_not_hang_on_words(model):
    mend = "mend it, or run `sigcheck lock` where the model is and commit the lock"
    assert cure(model("a", problem="models/--load (load = true): no such file. Check the path.")) == mend


def test_a_name_that_a_model_does_not_have_is_cured_in_the_config(model):
    problem = "models.a.inputs.y: the model has none of this name; did you mean 'x'?"
    assert cure(model("a", problem=problem, unread="misnamed")) == "correct the entry of the model in the config"
