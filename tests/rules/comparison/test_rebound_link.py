from __future__ import annotations

import pytest

from sigcheck.rules.comparison import rebound_link
from sigcheck.rules.views.comparison import ComparisonView
from sigcheck.schema.report import CheckResult, Side
from sigcheck.schema.upgrade import LinkEffect, Rebound

SIDE = Side(source="encoder", reader="saved_model", key="serving_default")


def effect(kind, *rebound):
    check = CheckResult(producer=SIDE, consumer=SIDE, verdict="blocked" if kind == "broken" else "fits")
    told = tuple(Rebound(required=name, before=before, after=after) for name, before, after in rebound)
    return LinkEffect(link="a -> b", effect=kind, before="fits", after=check, rebound=told)


@pytest.mark.parametrize("kind", ["safe", "adapter"])
def test_inputs_that_are_fed_otherwise(told, kind):
    view = ComparisonView(effects=(effect(kind, ("x", "end", "start"), ("y", "start", "end")), effect(kind)))
    assert told(rebound_link, view) == [
        "a -> b: error x was fed from end, and is fed from start now; y was fed from start, and is fed from end now"
    ]


def test_what_is_broken_is_told_as_that(told):
    assert told(rebound_link, ComparisonView(effects=(effect("broken", ("x", "a", "b")),))) == []
