from __future__ import annotations

from sigcheck.rules.project import stale_lock
from sigcheck.rules.views.project import ProjectView

OLD = {"outputs": {"y": "float32[?, 2]"}}


def test_a_model_that_the_lock_does_not_have(model, told):
    project = ProjectView(models=(model("a", **OLD), model("b", **OLD)), locked=frozenset({"a"}))
    assert told(stale_lock, project) == ["b: warning the lock does not have this model"]


def test_an_entry_that_the_config_does_not_have(told):
    assert told(stale_lock, ProjectView(locked=frozenset({"gone"}))) == [
        "gone: warning the lock has this model, and the config does not"
    ]


def test_changes_that_break_nobody(model, told, finding):
    project = ProjectView(
        models=(model("a", lock="differs", **OLD),), locked=frozenset({"a"}), changes={"a": (finding("note"),)}
    )
    assert told(stale_lock, project) == ["a: warning 1 change since it was locked, none that breaks its users"]


def test_changes_that_break_somebody_speak_for_themselves(model, told, finding):
    changes = {"a": (finding("note"), finding("error"))}
    project = ProjectView(models=(model("a", lock="differs", **OLD),), locked=frozenset({"a"}), changes=changes)
    assert told(stale_lock, project) == []


def test_without_a_lock_nothing_is_stale(model, told):
    assert told(stale_lock, ProjectView(models=(model("a", **OLD),))) == []


def test_a_model_that_is_read_from_the_lock_agrees_with_it(model, told):
    project = ProjectView(models=(model("a", origin="lock", lock="not_compared", **OLD),), locked=frozenset({"a"}))
    assert told(stale_lock, project) == []
