from __future__ import annotations

from sigcheck.rules.comparison import not_compared
from sigcheck.rules.views.comparison import ComparisonView, Gap


def test_what_nobody_knows(told):
    gaps = (Gap("a", "it is elsewhere"), Gap("sigcheck.toml", "it was moved", "error"))
    assert told(not_compared, ComparisonView(gaps=gaps)) == [
        "a: warning what was agreed is not known: it is elsewhere",
        "sigcheck.toml: error what was agreed is not known: it was moved",
    ]
