from __future__ import annotations

import pytest

import sigcheck
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature


def told(provided, required, fed=None):
    feeds = () if fed is None else (Endpoint(name="fed", spec=parse_spec(fed)),)
    producer = Signature(inputs=feeds, outputs=(Endpoint(name="y", spec=parse_spec(provided)),))
    consumer = Signature(inputs=(Endpoint(name="x", spec=parse_spec(required)),))
    return " ".join(one.help for one in sigcheck.check(producer, consumer, verify="typed").findings)


def test_a_consumer_without_a_batch_is_called_for_each_row():
    assert "with --map" in told("float32[?, 1000]", "float32[?]")


def test_a_producer_with_a_batch_may_have_another_in_front_of_it():
    assert "--map-producer" in told("float32[?, 32]", "float32[?, 40, 32]", fed="float32[?, 8, 8, 3]")
    # Of a producer that takes nothing there is nothing to put a batch in front of.
    assert "--map" not in told("float32[?, 32]", "float32[?, 40, 32]")


@pytest.mark.parametrize(
    ("provided", "required"),
    [
        ("float32[?, 10]", "float32[?, 11]"),
        ("float32[?, 10]", "ragged float32[?, None]"),
        ("float32[]", "float32[?, 3]"),
    ],
)
def test_what_a_row_would_not_feed_is_not_said(provided, required):
    assert "--map" not in told(provided, required)


def test_what_the_consumer_has_a_place_for_is_not_fed_one_by_one():
    facts = {"producer": {"y": {"axes": ["time", "channel"]}}, "consumer": {"x": {"axes": ["time"]}}}
    report = sigcheck.check({"y": "float32[?, 2]"}, {"x": "float32[?]"}, facts=facts, verify="typed")
    assert not any("--map" in one.help for one in report.findings)
    facts["producer"]["y"]["axes"] = ["clip", "time"]
    report = sigcheck.check({"y": "float32[?, 2]"}, {"x": "float32[?]"}, facts=facts, verify="typed")
    assert any("--map" in one.help for one in report.findings)
