from __future__ import annotations

import pytest

from sigcheck.rules import unverified_adapter
from sigcheck.rules.project import ProjectView


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
