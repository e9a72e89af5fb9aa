from __future__ import annotations

from sigcheck.rules.project import duplicate_signature
from sigcheck.rules.views.project import ProjectView

OUT = {"outputs": {"y": "float32[?, 2]"}}


def test_one_signature_under_two_names(model, told):
    project = ProjectView(models=(model("a", "m", **OUT), model("b", "m#default", **OUT), model("c", "n", **OUT)))
    assert told(duplicate_signature, project) == ["b: warning the same signature as 'a': m#default"]
