from __future__ import annotations

import pytest

from sigcheck.schema.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("größe [?, 3]", "größe [?, 3]"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u2028\u200b", r"\u2028\u200b"),
        ("m\udcff", r"m\udcff"),
        ("\x9b31m", r"\x9b31m"),
        ("a ##[error]b", r"a #\x23[error]b"),
        ("##vso[task.setvariable]", r"#\x23vso[task.setvariable]"),
        ("## a heading", "## a heading"),
    ],
)
def test_what_a_terminal_would_obey_is_an_escape(text, shown):
    assert printable(text) == shown
    assert shown.isprintable()
