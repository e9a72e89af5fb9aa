from __future__ import annotations

import pytest

from sigcheck.pipelines.chain import check_chain
from sigcheck.reports.parts.ledger import render_ledger
from sigcheck.reports.parts.page import Page

ONE, TWO = {"x": "float32[?, 8]"}, {"x": "float32[?, 1, 8]"}


@pytest.mark.parametrize(
    ("models", "lines"),
    [
        ([ONE, ONE, TWO], ["  nothing is lost, assumed or guarded"]),
        (
            [ONE, {"x": "string[?]"}, {"x": "string[?]"}],
            ["  nothing is lost, assumed or guarded", "  without link 1: there is no adapter"],
        ),
        (
            [ONE, {"x": "float16[?, 8]"}, {"x": "string[?]"}],
            [
                "  link  input  step                 loss",
                "  1     x      cast(dtype=float16)  rounding",
                "  without link 2: there is no adapter",
            ],
        ),
    ],
)
def test_a_link_that_nothing_makes_fit_is_not_counted_as_lossless(models, lines):
    result, _ = check_chain(models, verify="typed")
    assert render_ledger(result, Page(width=80)).splitlines() == ["ledger of the chain", *lines]
