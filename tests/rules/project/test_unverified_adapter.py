from __future__ import annotations

import pytest

from sigcheck.rules.project import unverified_adapter
from sigcheck.rules.views.project import ProjectView


@pytest.mark.parametrize(
    ("file", "lint", "found"),
    [
        ("typed", "typed", ["a -> b: warning adapters/a.py was proved as typed only"]),
        (None, "typed", ["a -> b: warning adapters/a.py was proved as nothing only"]),
        ("traced", "typed", ["a -> b: warning adapters/a.py was proved as traced only"]),
        ("executed", "typed", []),
        ("typed", "executed", []),
    ],
)
def test_neither_the_file_nor_the_lint_ran_it(link, told, file, lint, found):
    check = {"verdict": "adapts", "verification": {"level": lint}}
    assert told(unverified_adapter, ProjectView(links=(link("a", "b", "current", check, adapter_proof=file),))) == found


def test_an_adapter_that_only_passes_values_on_has_nothing_to_run(link, told):
    check = {"verdict": "fits", "verification": {"level": "typed"}}
    view = ProjectView(links=(link("a", "b", "current", check, adapter_proof="typed"),))
    assert told(unverified_adapter, view) == []
