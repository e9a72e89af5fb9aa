"""A number of thousands of digits is refused in the words of its file, whatever that is written in."""

from __future__ import annotations

import pytest

from sigcheck.encodings.json_bytes import parse_bytes
from sigcheck.encodings.written_data import parse_json, parse_toml, parse_yaml

LONG = "9" * 5000


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_json, f'{{"x": {LONG}}}'),
        (lambda text: parse_bytes(text.encode()), LONG),
        (parse_toml, f"x = {LONG}"),
        (parse_yaml, f"x: {LONG}"),
    ],
)
def test_a_number_of_thousands_of_digits_is_refused(parse, text):
    with pytest.raises(ValueError, match=r"^a number of thousands of digits, expected a shorter one$"):
        parse(text)


@pytest.mark.parametrize(
    ("parse", "text", "problem"),
    [(parse_json, "{", "line 1, column 2"), (parse_toml, "x = y\n", "line 1"), (parse_yaml, "a: b: c", "line 1")],
)
def test_what_is_broken_otherwise_is_told_as_it_is(parse, text, problem):
    with pytest.raises(ValueError, match=problem):
        parse(text)
