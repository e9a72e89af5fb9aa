from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.readers.live.notation import read as read_notation
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.testing import assert_signature

ENCODER = Path(__file__).parents[2] / "fixtures" / "rank" / "encoder"

OTHER = """\
encoder#serving_default has another signature than expected

inputs
  missing     x: float32[?, 12]
  unexpected  measurements: float32[?, 24]
outputs
  expected    output_0: float32[?, 1, 10]
  found       output_0: float32[?, 10]
                                   ^^

as it is, to paste:

    {
        "inputs": {
            "measurements": "float32[?, 24]",
        },
        "outputs": {
            "output_0": "float32[?, 10]",
        },
    }"""


def failure_of(*arguments):
    with pytest.raises(AssertionError) as caught:
        assert_signature(*arguments)
    return str(caught.value)


def test_the_signature_as_it_is_passes():
    assert_signature(ENCODER, {"inputs": {"measurements": "float32[?, 24]"}, "outputs": {"output_0": "float32[?, 10]"}})
    assert_signature(f"{ENCODER}#serving_default", {"outputs": {"output_0": "float32[?, 10]"}})


def test_a_failure_reads_like_this(monkeypatch):
    monkeypatch.chdir(ENCODER.parent)
    expected = {"inputs": {"x": "float32[?, 12]"}, "outputs": {"output_0": "float32[?, 1, 10]"}}
    assert failure_of("encoder", expected) == OTHER


def test_what_it_says_to_paste_passes(monkeypatch):
    monkeypatch.chdir(ENCODER.parent)
    text = failure_of("encoder", {"inputs": {}, "outputs": {}})
    pasted = eval(text.partition("to paste:")[2].strip())
    assert_signature("encoder", pasted)


def test_an_unknown_size_is_not_a_known_one():
    model = read_notation({"x": "float32[?, 10]"})
    assert "^" in failure_of(model, {"inputs": {"x": "float32[8, 10]"}})
    assert "^" in failure_of(read_notation({"x": "float32[8, 10]"}), {"inputs": {"x": "float32[?, 10]"}})


def test_facts_count_where_they_are_written_down():
    ranged = parse_spec("float32[?]").replace(facts=Facts(range=(0, 1)))
    model = read_notation({"x": ranged})
    assert_signature(model, {"inputs": {"x": "float32[?]"}})
    assert_signature(model, {"inputs": {"x": ranged}})
    other = {"dtype": "float32", "shape": [None], "facts": {"range": [0, 255]}}
    text = failure_of(model, {"inputs": {"x": other}})
    assert "expected    x: float32[?] range=[0.0, 255.0]\n" in text


def test_row_splits_count():
    narrow = parse_spec("ragged int32[?, None]").replace(row_splits_dtype="int32")
    assert "row_splits=int32" in failure_of(read_notation({"x": narrow}), {"inputs": {"x": "ragged int32[?, None]"}})


@pytest.mark.parametrize("expected", [{}, {"x": "int8[?]"}, {"input": {}}, "int8[?]"])
def test_what_is_no_signature_is_a_wrong_call(expected):
    with pytest.raises(UsageError, match="expected 'inputs' or 'outputs' or both"):
        assert_signature(ENCODER, expected)


@pytest.mark.parametrize("spec", ["int8", "int9[?]", {"shape": [1]}, 3, None])
def test_what_is_no_spec_is_a_wrong_call(spec):
    with pytest.raises(UsageError, match="x: "):
        assert_signature(ENCODER, {"inputs": {"x": spec}})


def test_what_cannot_be_read_is_an_error():
    with pytest.raises(SourceError):
        assert_signature("lost", {"inputs": {}})
    with pytest.raises(UsageError, match="no signature 'predict'"):
        assert_signature(ENCODER, {"inputs": {}}, key="predict")
