"""Each check that is turned off in a line has its reason beside it: who reads the line looks nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(one for folder in ("sigcheck", "tests", "docs", "fixtures") for one in (ROOT / folder).rglob("*.py"))

TURNED_OFF = re.compile(r"# (noqa|type: ignore)\b(:? ?[A-Z0-9, ]+|\[[a-z-]+\])?( *# (?P<reason>.+))?")
# What points at another line for its reason.
ELSEWHERE = re.compile(r"\b(above|below|likewise|ditto|as said|the same)\b")


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES}), ids=lambda one: str(one.relative_to(ROOT)))
def test_what_is_turned_off_has_its_reason_beside_it(folder):
    lines = [(path, line) for path in FILES if path.parent == folder for line in path.read_text("utf-8").splitlines()]
    off = [(path.name, line.strip(), found) for path, line in lines if (found := TURNED_OFF.search(line))]
    thin = [(name, line) for name, line, found in off if not found["reason"] or ELSEWHERE.search(found["reason"])]
    assert not thin


@pytest.mark.parametrize("off", ["noqa", "noqa: PTH100", "noqa: PTH100  # as above", "type: ignore[misc]"])
def test_a_reason_that_is_missing_or_elsewhere_is_seen(off):
    found = TURNED_OFF.search(f"x  # {off}")
    assert not found["reason"] or ELSEWHERE.search(found["reason"])
