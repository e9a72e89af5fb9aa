from __future__ import annotations

import pytest

from sigcheck.rules.upgrade import inferred_fact_changed as rule
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature


def upgrade(end, fact, old, new, tier="proved"):
    """A signature of one input or output whose graph proved `old`, and proves `new`."""

    def version(value):
        claims = () if value is None else (Inferred(name=fact, value=value, tier=tier, reason="why"),)
        dtype = {"id_count": "int32", "features": "string"}.get(fact, "float32")
        return Signature(**{end: (Endpoint(name="x", spec=parse_spec(f"{dtype}[?, 5]"), inferred=claims),)})

    return UpgradeView(version(old), version(new))


@pytest.mark.parametrize(
    ("end", "fact", "old", "new", "message"),
    [
        ("outputs", "range", (0, 1), None, "range is not known, and was [0, 1]"),
        ("outputs", "range", (0, 1), (-1, 1), "range is [-1, 1], and was [0, 1]"),
        ("outputs", "meaning", "probabilities", None, "meaning is not known, and was probabilities"),
        ("outputs", "id_count", 5, 9, "id count is 9, and was 5"),
        ("inputs", "id_count", 9, 5, "id count is 5, and was 9"),
        ("inputs", "meaning", "wav", "csv", "meaning is csv, and was wav"),
        (
            "inputs",
            "features",
            {"age": "int64[]"},
            {"age": "int64[2]", "w": "int64[?]"},
            "features is age int64[2], w int64[?], and was age int64[]",
        ),
    ],
)
def test_what_no_longer_holds(end, fact, old, new, message):
    (finding,) = rule.find(upgrade(end, fact, old, new))
    assert (finding.level, finding.place, finding.message) == ("warning", "x", message)


@pytest.mark.parametrize(
    ("end", "fact", "old", "new"),
    [
        ("outputs", "range", (0, 1), (0, 1)),
        ("outputs", "range", (-1, 1), (0, 1)),
        ("outputs", "range", None, (0, 1)),
        ("outputs", "id_count", 9, 5),
        ("inputs", "id_count", 5, 9),
        ("inputs", "id_count", 5, None),
        ("inputs", "meaning", "wav", None),
        ("inputs", "features", {"age": "int64[]"}, {"age": "int64[1]", "w": "int64[?]"}),
        ("outputs", "linear", True, None),
    ],
)
def test_what_still_holds(end, fact, old, new):
    assert not list(rule.find(upgrade(end, fact, old, new)))


def test_a_convention_is_not_locked():
    assert not list(rule.find(upgrade("outputs", "range", (0, 1), None, tier="convention")))


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (None, "is not scaled, and was as values in [0, 255] are (why)"),
        ((0, 1), "is scaled as values in [0, 1] are (why), and was as values in [0, 255] are (why)"),
    ],
)
def test_preprocessing_that_left_an_input_is_a_note(new, message):
    (finding,) = rule.find(upgrade("inputs", "range", (0, 255), new, tier="convention"))
    assert (finding.level, finding.message) == ("note", message)


@pytest.mark.parametrize("old", [None, (0, 255)])
def test_preprocessing_that_stays_or_that_a_lock_does_not_tell_is_none(old):
    assert not list(rule.find(upgrade("inputs", "range", old, (0, 255), tier="convention")))
