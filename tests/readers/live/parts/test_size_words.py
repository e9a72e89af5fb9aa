"""Sizes in the words of others, said in those of sigcheck."""

from __future__ import annotations

import ast

import pytest

from sigcheck.readers.live.parts.size_words import linear, said


def name_of(part):
    return part.id if isinstance(part, ast.Name) else None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("b", "b"),
        ("2*b + 1", "2 * b + 1"),
        ("floordiv(b + 1, 2)", "(b + 1) // 2"),
        ("((3*s77)//4)", "3 * s77 // 4"),
        ("Mod(b, 2) == 0", "b % 2 == 0"),
        ("Max(1, a, b)", "max(max(1, a), b)"),
        ("b^2", "b ** 2"),
        ("4 <= b and b <= 9", "4 <= b and b <= 9"),
        *(
            (one, None)
            for one in (
                "b/2",
                "1.5*b",
                "f(b)",
                "max(b, key=a)",
                "L['x']",
                "floordiv(b)",
                "max()",
                "b if a else c",
                "(",
                "",
            )
        ),
        *((one, None) for one in ("-" * 300 + "b", "(" * 300 + "b" + ")" * 300, "b" * 401, "not b == 1", "b[0] == 1")),
    ],
)
def test_a_size_in_the_words_of_others(told, expected):
    assert said(told, name_of) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("b", (1, 0)),
        ("2*b + 1", (2, 1)),
        ("3*(b - 2) - (-b)", (4, -6)),
        ("7 - b", None),
        ("b*b", None),
        ("b // 2", None),
    ],
)
def test_what_is_a_multiple_of_a_symbol_and_a_number(told, expected):
    assert linear(told, "b") == expected
