from __future__ import annotations

from sigcheck.rules.project import contradicted_model
from sigcheck.rules.views.project import ProjectView
from sigcheck.schema.finding import Finding


def test_a_model_whose_contract_says_otherwise(model, told):
    found = Finding(rule="r", level="error", place="x", message="served as int32[], m takes float32[]", help="mend it")
    project = ProjectView(models=(model("a", contradictions=(found,)), model("b", outputs={})))
    assert told(contradicted_model, project) == ["a: error x: served as int32[], m takes float32[]"]
