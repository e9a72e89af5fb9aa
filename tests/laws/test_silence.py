"""Law 1: a signature against itself fits, with no finding."""

from __future__ import annotations

from sigcheck.planning.matching import feed
from sigcheck.rules import find_all
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint
from tests.laws.law import hold
from tests.laws.random_specs import draw_policy, draw_spec
from tests.rules.conftest import compares

SIDE = Side(source="model", reader="signature", key="default")


def test_a_signature_against_itself_is_silent():
    def law(random):
        endpoints = [Endpoint(name=f"name_{at}", spec=draw_spec(random)) for at in range(random.randint(1, 4))]
        policy = draw_policy(random).model_copy(update={"allow": ()})
        match = feed(endpoints, endpoints, policy=policy)
        assert [(one.provided, one.verdict) for one in match.bindings] == [(one.name, "fits") for one in endpoints]
        view = MatchView(
            SIDE, SIDE, tuple(endpoints), tuple(endpoints), match.bindings, match.missing, match.unused, match.ambiguous
        )
        assert [one for one in find_all(view) if compares(one.rule)] == []

    hold(law, usual=100, full=20_000)
