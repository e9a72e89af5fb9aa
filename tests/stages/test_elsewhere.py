"""Where a pair is blocked, the other signatures of either model are tried."""

from __future__ import annotations

import json

import pytest

from sigcheck.api import check


def written(path, **signatures):
    """A signature file with these signatures, each `(inputs, outputs)`."""
    told = {key: {"inputs": inputs, "outputs": outputs} for key, (inputs, outputs) in signatures.items()}
    path.write_text(json.dumps({"signatures": told}))
    return path


@pytest.fixture
def producer(tmp_path):
    return written(
        tmp_path / "a.json",
        serving_default=({}, {"y": "float32[?, 3]"}),
        wide=({}, {"y": "float64[?, 4]"}),
        text=({}, {"y": "string[?]"}),
    )


@pytest.fixture
def consumer(tmp_path):
    taken = {"serving_default": "string[?]", "raw": "float32[?, 3]", "train": "int32[?, 3, 3]"}
    return written(tmp_path / "b.json", **{key: ({"x": spec}, {}) for key, spec in taken.items()})


def told(report):
    return {one.place: one.message for one in report.findings if one.rule == "another_signature"}


def test_signatures_of_either_side_that_would_do_are_named(producer, consumer):
    report = check(producer, consumer, verify="typed")
    assert report.verdict == "blocked"
    assert told(report) == {
        f"{producer}#text": "fits, where the signature serving_default is blocked",
        f"{consumer}#raw": "fits, where the signature serving_default is blocked",
    }
    for source, side in ((f"{producer}#text", 0), (f"{consumer}#raw", 1)):
        pair = [producer, consumer]
        pair[side] = source
        assert check(*pair, verify="typed").verdict == "fits"


def test_a_signature_that_was_named_is_the_one_that_is_meant(producer, consumer):
    assert told(check(f"{producer}#serving_default", f"{consumer}#serving_default", verify="typed")) == {}


def test_nothing_is_tried_where_the_pair_passes(producer, consumer):
    assert told(check(producer, f"{consumer}#raw", verify="typed")) == {}


def test_what_is_said_of_a_name_rules_out_a_signature_without_it(producer, tmp_path):
    ends = {"serving_default": {"x": "string[?]"}, "other": {"z": "float32[?, 3]"}, "raw": {"x": "float32[?, 3]"}}
    consumer = written(tmp_path / "c.json", **{key: (taken, {}) for key, taken in ends.items()})
    assert f"{consumer}#other" in told(check(producer, consumer, verify="typed"))
    found = told(check(producer, consumer, bind={"y": "x"}, verify="typed"))
    assert f"{consumer}#other" not in found
    assert f"{consumer}#raw" in found
