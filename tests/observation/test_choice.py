from __future__ import annotations

import pytest

from sigcheck.observation.choice import candidates


def test_each_candidate_tells_what_it_costs():
    found = {one.length: one for one in candidates([(4, 98), (10, 2)])}
    assert found[4].cut == pytest.approx(0.02)
    assert found[4].lost == pytest.approx(12 / 412)
    assert found[10].padding == pytest.approx(1 - 412 / 1000)
    assert found[16].is_recommended


def test_a_share_in_percent_is_told_once():
    found = candidates([(4, 999), (10, 1)], float("99.9") / 100)
    assert [one.why.count("99.9% of rows") for one in found] == [1, 0, 0]


def test_what_the_consumer_takes_ends_the_choice():
    found = candidates([(4, 98), (100, 2)], most=64)
    assert max(one.length for one in found) == 64
    assert [one.length for one in found if one.is_recommended] == [64]


def test_no_rows_leave_no_choice():
    assert candidates([]) == ()
