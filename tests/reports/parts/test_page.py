from __future__ import annotations

from sigcheck.reports.parts.page import Page, columns


def test_wide_letters_take_two_columns_and_marks_none():
    assert columns("画像") == 4
    assert columns("e\u0301") == 1


def test_options_stay_whole_when_a_line_ends():
    page = Page(width=40)
    lines = page.wrap("declare the range with --fact producer.out.range=0,255 then", first="  ", rest="    ")
    assert lines == ["  declare the range with --fact", "    producer.out.range=0,255 then"]


def test_a_page_without_colours_paints_nothing():
    assert Page().paint("x", "red") == "x"
    assert Page(has_colour=True).paint("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
    assert Page(has_colour=True).paint("", "red") == ""
