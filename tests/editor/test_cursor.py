from __future__ import annotations

import pytest

from sigcheck.editor.cursor import entry_value, locate, word_at

TEXT = """\
[models.enc]
source = "x"
outputs.a = { meaning = "logits", range = [0, 1] }
[[links]]
from = "enc"
bind = { mean = "que" }
[rules]
lossy_cast = "off"  # why
[models."a b".inputs.x]
"""


@pytest.mark.parametrize(
    ("line", "before", "path", "is_value", "word"),
    [
        (0, "[models.en", ("models",), False, "en"),
        (1, "so", ("models", "enc"), False, "so"),
        (1, "source = ", ("models", "enc", "source"), True, ""),
        (1, 'source = "x', ("models", "enc", "source"), True, "x"),
        (2, "outputs.", ("models", "enc", "outputs"), False, ""),
        (2, "outputs.a = { mean", ("models", "enc", "outputs", "a"), False, "mean"),
        (2, 'outputs.a = { meaning = "lo', ("models", "enc", "outputs", "a", "meaning"), True, "lo"),
        (2, 'outputs.a = { meaning = "logits", ', ("models", "enc", "outputs", "a"), False, ""),
        (2, "outputs.a = { range = [0, ", ("models", "enc", "outputs", "a", "range"), True, ""),
        (4, 'from = "', ("links", 0, "from"), True, ""),
        (5, 'bind = { mean = "qu', ("links", 0, "bind", "mean"), True, "qu"),
        (7, "los", ("rules",), False, "los"),
        (9, "mea", ("models", "a b", "inputs", "x"), False, "mea"),
    ],
)
def test_a_cursor_is_at_a_key_or_in_a_value(line, before, path, is_value, word):
    lines = [*TEXT.splitlines(), ""]
    lines[line] = before
    found = locate("\n".join(lines), (), line, len(before))
    assert (found.path, found.is_value, found.word, found.start) == (path, is_value, word, len(before) - len(word))


def test_in_a_comment_there_is_nothing():
    assert locate(TEXT, (), 7, len('lossy_cast = "off"  # w')) is None


def test_outside_of_the_tables_of_the_config_there_is_nothing():
    text = '[project]\nname = "x"\n[tool.sigcheck.models.a]\nsou'
    assert locate(text, ("tool", "sigcheck"), 1, 2) is None
    assert locate(text, ("tool", "sigcheck"), 3, 3).path == ("models", "a")


def test_a_word_is_found_from_its_middle():
    found, word = word_at(TEXT, (), 4, 9)
    assert (found.path, word) == (("links", 0, "from"), "enc")


def test_between_words_there_is_none():
    assert word_at(TEXT, (), 3, 0) is None
    assert word_at(TEXT, (), 99, 0) is None


def test_the_value_of_an_entry_is_read_from_a_text_that_is_no_toml():
    assert entry_value(f"{TEXT}x = [", ("links", 0), "from") == "enc"
    assert entry_value(TEXT, ("links", 0), "to") == ""


def test_a_long_line_takes_time_that_grows_with_it_only():
    text = "x = " + '"\\' * 20_000
    assert locate(text, (), 0, len(text)) is not None
