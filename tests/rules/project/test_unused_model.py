from __future__ import annotations

import pytest

from sigcheck.rules.project import unused_model
from sigcheck.rules.views.project import ProjectView


def test_a_model_without_a_link(model, link, told):
    project = ProjectView(models=(model("a"), model("b"), model("c")), links=(link("a", "b"),))
    assert told(unused_model, project) == ["c: warning no link uses it"]


@pytest.mark.parametrize(("taken", "used"), [("c.out", True), ("c.d.out", True), ("cd.out", False), ("c", False)])
def test_a_model_of_which_a_link_takes_something_is_used(model, link, told, match, taken, used):
    (bound,) = match("float32[?]", "float32[?]", verdict="fits").bindings
    checked = {"verdict": "fits", "bindings": (bound.model_copy(update={"provided": taken}),)}
    project = ProjectView(models=(model("a"), model("b"), model("c")), links=(link("a", "b", check=checked),))
    assert told(unused_model, project) == ([] if used else ["c: warning no link uses it"])


def test_without_links_no_model_is_unused(model, told):
    assert told(unused_model, ProjectView(models=(model("a"),))) == []
