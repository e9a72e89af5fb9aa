from __future__ import annotations

import pytest

from sigcheck.rules.comparison import broken_link
from sigcheck.rules.views.comparison import ComparisonView
from sigcheck.schema.report import CheckResult, Side
from sigcheck.schema.upgrade import LinkEffect

PRODUCER = Side(source="encoder", reader="saved_model", key="serving_default")
CONSUMER = Side(source="classifier.keras", reader="keras", key="default")


@pytest.fixture
def effect(match, step):
    def build(effect, verdict, *, is_rewritten=False):
        bindings = match("float32[?, 10]", "float32[?, 1, 10]", step("expand_dims", "float32[?, 1, 10]", axis=1))
        check = CheckResult(producer=PRODUCER, consumer=CONSUMER, verdict=verdict, bindings=bindings.bindings)
        return LinkEffect(link="a -> b", effect=effect, before="fits", after=check, is_rewritten=is_rewritten)

    return build


def test_a_link_that_passes_no_more(told, effect):
    view = ComparisonView(effects=(effect("broken", "blocked"), effect("safe", "fits"), effect("failing", "blocked")))
    assert told(broken_link, view) == ["a -> b: error passed before (fits), and is blocked now"]


def test_a_link_that_has_errors_now(told, effect):
    found = told(broken_link, ComparisonView(effects=(effect("broken", "adapts"),)))
    assert found == ["a -> b: error passed before (fits), and has errors now"]


def test_a_link_that_passes_by_other_steps(told, effect):
    other = (effect("adapter", "adapts", is_rewritten=True), effect("adapter", "adapts"))
    said = "a -> b: error passes by other steps than before: x: expand_dims(axis=1)"
    assert told(broken_link, ComparisonView(effects=other)) == [said]
    assert told(broken_link, ComparisonView(effects=other, has_adapters=True)) == []


def test_what_the_config_decides_otherwise_is_told_though_the_adapters_are_compared(told, effect):
    view = ComparisonView(
        effects=(effect("adapter", "adapts", is_rewritten=True),), redecided=frozenset({"a -> b"}), has_adapters=True
    )
    assert told(broken_link, view) == ["a -> b: error passes by other steps than before: x: expand_dims(axis=1)"]


def test_what_a_change_of_a_model_explains_is_told_once(told, effect):
    assert told(broken_link, ComparisonView(effects=(effect("broken", "blocked"),), is_explained=True)) == []


def test_a_link_that_cannot_be_planned(told):
    found = told(broken_link, ComparisonView(unplanned=(("a -> b", "a has no outputs"),)))
    assert found == ["a -> b: error passed before, and cannot be planned now: a has no outputs"]
