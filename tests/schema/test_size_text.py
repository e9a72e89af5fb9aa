from __future__ import annotations

import doctest

import pytest

from sigcheck.schema import size_text
from sigcheck.schema.size_text import MOST_CHARACTERS, is_name, parse_constraint, parse_size


def test_the_examples_of_the_docstrings():
    assert doctest.testmod(size_text).failed == 0


@pytest.mark.parametrize("text", ["max(0, x.1 - 2)", "(h // 2)**2 % 3", "-n + 5", "min(a, max(b, 3))", "12", "höhe"])
def test_sizes_are_read(text):
    parse_size(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "h +",
        "h h",
        "2h",
        "h // ",
        "max(h)",
        "min(a, b",
        "h ** 99",
        "h ** n",
        "__import__('os')",
        "h.",
        "a[0]",
        "h;w",
    ],
)
def test_what_is_no_size_is_refused_in_one_line(text):
    with pytest.raises(ValueError, match="is not a size") as raised:
        parse_size(text)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", ["h", "h % 4", "h = 4", "h == 4 or", "and h == 4", "h == 4 and w"])
def test_what_compares_nothing_is_no_constraint(text):
    with pytest.raises(ValueError, match="is not a comparison of sizes"):
        parse_constraint(text)


def test_long_and_deep_texts_are_refused():
    with pytest.raises(ValueError, match="characters"):
        parse_size("a" * (MOST_CHARACTERS + 1))
    with pytest.raises(ValueError, match="nested deeper"):
        parse_size("(" * 100 + "a" + ")" * 100)
    with pytest.raises(ValueError, match="is not a size"):
        parse_size("9" * 30)


def test_words_of_the_notation_are_no_names():
    assert is_name("height")
    assert is_name("image.1")
    assert not any(map(is_name, ("and", "min", "1h", "", "a b", "a..b")))
