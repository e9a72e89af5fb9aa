from __future__ import annotations

import pytest

from sigcheck.schema.finding import Finding
from sigcheck.schema.report import CheckResult, Side
from sigcheck.schema.upgrade import DiffResult, LinkEffect

SIDE = Side(source="m", reader="keras", key="default")


def found(level):
    return Finding(rule="dtype_changed", level=level, place="x", message="m", help="h")


def effect(kind, verdict):
    after = CheckResult(producer=SIDE, consumer=SIDE, verdict=verdict)
    return LinkEffect(link="a -> b", effect=kind, before="fits", after=after)


@pytest.mark.parametrize(
    ("findings", "links", "code"),
    [
        ((), (), 0),
        ((found("note"), found("warning")), (effect("adapter", "adapts"),), 0),
        ((found("error"),), (), 1),
        ((found("error"),), (effect("safe", "fits"),), 1),
        ((found("error"),), (effect("broken", "blocked"),), 1),
        ((found("error"),), (effect("broken", "undecided"),), 2),
        ((found("note"),), (effect("failing", "undecided"),), 0),
    ],
)
def test_the_exit_code(findings, links, code):
    assert DiffResult(old=SIDE, new=SIDE, findings=findings, links=links).exit_code == code
