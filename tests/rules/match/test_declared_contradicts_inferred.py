from __future__ import annotations

import pytest

from sigcheck.rules.match import declared_contradicts_inferred as rule


def claim(name, value, tier="proved"):
    return {"name": name, "value": value, "tier": tier, "reason": "Why"}


@pytest.mark.parametrize(
    ("fact", "stated", "shown", "message"),
    [
        ("range", (0, 255), [0, 1], "declared range [0, 255], the graph gives [0, 1] (Why)"),
        ("range", (5, 6), [0, 1], "declared range [5, 6], the graph gives [0, 1] (Why)"),
        ("meaning", "logits", "probabilities", "declared meaning logits, the graph gives probabilities (Why)"),
    ],
)
def test_an_output_that_is_not_as_declared(seen, fact, stated, shown, message):
    (finding,) = rule.find(seen([claim(fact, shown)], [], gives={fact: stated}))
    assert (finding.level, finding.place, finding.message) == ("warning", "out", message)


@pytest.mark.parametrize(
    ("fact", "stated", "shown"),
    [("range", (0, 1), [-1, 1]), ("range", (-1, 1), [-1, 1]), ("meaning", "probabilities", "probabilities")],
)
def test_an_output_that_may_be_as_declared(seen, fact, stated, shown):
    assert not list(rule.find(seen([claim(fact, shown)], [], gives={fact: stated})))


def test_ids_beyond_the_table(seen):
    (finding,) = rule.find(seen([], [claim("id_count", 100)], wants={"id_count": 200}))
    assert finding.message == "declared id count 200, the graph gives 100 (Why)"
    assert not list(rule.find(seen([], [claim("id_count", 100)], wants={"id_count": 50})))
    # A bound need not be reached.
    assert not list(rule.find(seen([claim("id_count", 100)], [], gives={"id_count": 200})))


@pytest.mark.parametrize(("filler", "is_beyond"), [(0, False), (99, False), (-1, False), (100, True), (300, True)])
def test_rows_are_not_filled_with_what_the_table_has_not(seen, filler, is_beyond):
    found = list(rule.find(seen([], [claim("id_count", 100)], wants={"padding": {"value": filler}})))
    told = [f"declared padding {filler}, the graph takes ids below 100 (Why)"] if is_beyond else []
    assert [one.message for one in found] == told
    # Of one place a rule tells one thing.
    found = rule.find(seen([], [claim("id_count", 100)], wants={"padding": {"value": filler}, "id_count": 500}))
    assert [one.message for one in found] == ["declared id count 500, the graph gives 100 (Why)"]


def test_a_convention_is_a_note(seen):
    (finding,) = rule.find(seen([], [claim("range", [0, 255], "convention")], wants={"range": (0, 1)}))
    assert finding.level == "note"


def test_what_was_read_is_not_declared(seen):
    assert not list(rule.find(seen([claim("range", [0, 1])], [], gives={"range": (0, 255)}, origin="read")))
