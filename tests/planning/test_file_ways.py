from __future__ import annotations

import pytest

import sigcheck

PICTURES = "float32[?, 32, 32, 3]"


def opened(report):
    """The facts of each way that a report names."""
    obstacle = report.bindings[0].obstacle
    return [{f"{one.side}.{one.fact}": one.value for one in way} for way in obstacle.declare] if obstacle else []


@pytest.mark.parametrize(
    ("given", "wanted", "facts", "expected"),
    [
        ("string[?]", PICTURES, {}, [
            {"producer.meaning": "encoded_image"},
            {"producer.meaning": "base64", "consumer.meaning": "pixels"},
        ]),
        ("string[]", "uint8[28, 28, 1]", {}, []),
        ("string[?]", PICTURES, {"producer": {"x": {"meaning": "base64"}}}, [{"consumer.meaning": "pixels"}]),
        ("string[?]", PICTURES, {"producer": {"x": {"meaning": "csv"}}}, []),
        ("string[?]", "float32[?, 16]", {}, []),
        ("string[?]", "float32[?, 40, 30, 20]", {}, []),
        ("uint8[?, 64, 64, 3]", "string[?]", {}, [{"producer.meaning": "pixels", "consumer.meaning": "encoded_image"}]),
        ("float32[?, 64, 64, 3]", "string[?]", {}, []),
    ],
)  # fmt: skip
def test_strings_may_be_files_of_the_pictures_on_the_other_side(given, wanted, facts, expected):
    """serving 1570, hub 118: files, or base64 of them, are fed to a model of pixels, and nothing says what they are."""
    report = sigcheck.check({"x": given}, {"x": wanted}, facts=facts, verify="typed")
    assert [way for way in opened(report) if any(name.endswith("meaning") for name in way)] == expected


def test_what_opens_a_path_does():
    for facts in (
        {"producer": {"x": {"meaning": "encoded_image"}}},
        {"producer": {"x": {"meaning": "base64"}}, "consumer": {"x": {"meaning": "pixels"}}},
    ):
        assert sigcheck.check({"x": "string[?]"}, {"x": PICTURES}, facts=facts, verify="typed").verdict == "guarded"
