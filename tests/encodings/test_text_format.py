"""The text format: the same dicts as the wire format gives."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigcheck.encodings import text_format
from sigcheck.encodings.message import Messages, decode, fields
from sigcheck.encodings.text_format import parse_message
from tests.readers.written_models import encode


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dtype: DT_FLOAT", {"dtype": 1}),
        ("dtype: DT_HALF_REF", {"dtype": 119}),
        ("dtype: DT_BRAND_NEW", {"dtype": 99}),
        ("dtype: 3", {"dtype": 3}),
        ("name: 'a' \"b\" # comment\n'c'", {"name": "abc"}),
        (r'name: "\303\251\x41\n\"\\"', {"name": 'éA\n"\\'}),
        ("tensor_shape { dim { size: -1 } dim { } }", {"tensor_shape": {"dim": [{"size": -1}, {}]}}),
        ("tensor_shape: < dim < size: 2 >; dim <>, >", {"tensor_shape": {"dim": [{"size": 2}, {}]}}),
        ("tensor_shape { dim: [{ size: 2 }, { size: 3 }] }", {"tensor_shape": {"dim": [{"size": 2}, {"size": 3}]}}),
        ("tensor_shape { unknown_rank: true }", {"tensor_shape": {"unknown_rank": True}}),
        (
            "tensor_shape { unknown_rank: 0 } tensor_shape { dim {} }",
            {"tensor_shape": {"unknown_rank": False, "dim": [{}]}},
        ),
        ("other: -inf more: [1, 'x'] deep { a { b: -2 } } dtype: 1", {"dtype": 1}),
        ("", {}),
    ],
)
def test_a_tensor(text: str, expected: dict[str, Any]) -> None:
    assert parse_message("TensorInfo", text.encode()) == expected


def test_a_map() -> None:
    text = 'inputs { key: "x" value { dtype: 1 } } inputs: { key: "y" } method_name: "not read"'
    assert parse_message("SignatureDef", text.encode()) == {"inputs": {"x": {"dtype": 1}, "y": {}}}


@given(st.text())
def test_any_name_survives(name: str) -> None:
    escaped = "".join(f"\\{byte:03o}" for byte in name.encode())
    message = {"name": name}
    assert parse_message("TensorInfo", f'name: "{escaped}"'.encode()) == message
    assert decode("TensorInfo", encode("TensorInfo", message)) == message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: 3", "line 1: '3' instead of a text in quotes"),
        ("dtype: 1\n\ndtype: x", "line 3: 'x' instead of a whole number"),
        ("tensor_shape: 1", "'1' instead of '{'"),
        ("tensor_shape { unknown_rank: maybe }", "'maybe' instead of true or false"),
        ("tensor_shape { dim { } ", "'' instead of a field"),
        ("tensor_shape { dim: [{} {}] }", "'{' instead of ','"),
        ("}", "'}' instead of a field"),
        ("other }", "'}' instead of a value"),
        ("other {", "the text ends inside of a message"),
        ('name: "open', "a text without its closing quote"),
        ("tensor_shape {" + "dim {}" * 255 + "}", "more than 254 entries in dim"),
    ],
)
def test_what_is_wrong_is_named(text: str, expected: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_message("TensorInfo", text.encode())
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.5", 1.5), ("-1.5f", -1.5), ("1e3F", None), ("- 2", -2), ("inf", math.inf), ("-inf", -math.inf), ("x", None)],
)
def test_floats(text: str, number: float | None) -> None:
    table = Messages({"M": fields(f="1 float")}, {})
    if number is None:
        with pytest.raises(ValueError, match="instead of a number"):
            parse_message("M", f"f: {text}".encode(), table)
    else:
        assert parse_message("M", f"f: {text}".encode(), table) == {"f": number}


def test_messages_nested_without_end_are_refused() -> None:
    with pytest.raises(ValueError, match="nested more than 100 deep"):
        parse_message("StructuredValue", b"list_value { values { " * 1_000)


def test_a_text_that_is_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_format, "MAX_TEXT_BYTES", 10)
    with pytest.raises(ValueError, match="a text of 11 bytes, more than 10"):
        parse_message("TensorInfo", b"name: 'abc'")
