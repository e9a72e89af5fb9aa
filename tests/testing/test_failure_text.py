from __future__ import annotations

import pytest

from sigcheck.testing.failure_text import mark_difference


@pytest.mark.parametrize(
    ("first", "second", "marked"),
    [
        ("float32[?, 10]", "float64[?, 10]", "^^^^^^^"),
        ("float32[?, 1, 10]", "float32[?, 10]", "           ^^"),
        ("float32[?, 10]", "float32[?, 1, 10]", "           ^"),
        ("float32[?, 10, 3]", "float32[?, 10]", "             ^"),
        ("ragged int32[?, None]", "int32[?, 5]", "^^^^^"),
        ("float32[?]", "float32[*]", "        ^"),
        ("float32[]", "float32[] range=[0, 1]", "          ^^^^^"),
        ("float32[?] range=[0, 1]", "float32[?]", "          ^"),
    ],
)
def test_the_first_difference_is_marked_below_the_second(first, second, marked):
    heads = ("required  x: ", "provided  output: ")
    one, other, marks = mark_difference(heads[0], first, heads[1], second)
    assert one == f"required  x:      {first}"
    assert other == f"provided  output: {second}"
    assert marks == " " * len(heads[1]) + marked


def test_equal_texts_have_no_mark():
    assert mark_difference("a ", "x", "b ", "x") == ["a x", "b x"]
