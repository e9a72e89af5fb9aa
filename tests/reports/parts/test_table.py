from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sigcheck.reports.parts.page import Page, columns
from sigcheck.reports.parts.table import table


def test_columns_are_as_wide_as_their_longest_cell():
    assert table(Page(), ("name", "spec"), [("x", "float32[?]"), ("longer", "int8[]")], indent="  ") == [
        "  name    spec",
        "  x       float32[?]",
        "  longer  int8[]",
    ]


def test_a_cell_that_is_too_wide_goes_on_below():
    lines = table(Page(width=40), ("name", "spec"), [("a" * 50, "float32[?, 224, 224, 3]")])
    assert lines == [
        "name                 spec",
        "aaaaaaaaaaaaaaaaaaa  float32[?, 224,",
        "aaaaaaaaaaaaaaaaaaa  224, 3]",
        "aaaaaaaaaaaa",
    ]


def test_wide_letters_keep_the_columns():
    lines = table(Page(), ("a", "b"), [("画像", "1"), ("x", "2")])
    assert lines == ["a     b", "画像  1", "x     2"]


def test_the_last_cell_has_its_colour():
    lines = table(Page(has_colour=True), ("a", "verdict"), [("x", "fits")], paints=["green"])
    assert lines[1] == "x  \x1b[32mfits   \x1b[0m".replace("   \x1b", "\x1b")


# Where other tests run at the same time the first example waits for what hypothesis loads for it.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.text("ab ?,画", max_size=60), min_size=3, max_size=3), min_size=1, max_size=4),
    st.integers(40, 100),
)
def test_a_table_fits_its_page_and_loses_no_letter(rows, width):
    lines = table(Page(width=width), ("one", "two", "three"), rows)
    assert max(map(columns, lines)) <= width
    wanted = sorted("".join("".join(row) for row in rows).replace(" ", ""))
    assert sorted("".join(lines[1:]).replace(" ", "")) == wanted
