from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.config.edit import with_member, without_ignores
from sigcheck.config.load import parse_config

CONFIG = """\
# The service.
[models.a]
source = "a"  # where it is

[models.b]
source = "b"
inputs.x = { axes = ["batch", "feature"] }  # by its owner
outputs.y.range = [0, 1]

# The link.
[[links]]
from = "a"
to = "b"
policy = { loss = "exact" }

# Why the first.
[[ignore]]
rule = "lossy_cast"
link = "a -> b"
reason = "one"

# Why the second.
[[ignore]]
rule = "rank_mismatch"
link = "a -> b"
reason = "two"
"""


def parse(text, name="sigcheck.toml"):
    return parse_config(Path(name), text)


def changed(text):
    """The lines that are gone, and those that are new."""
    old, new = CONFIG.splitlines(), text.splitlines()
    return [one for one in old if one not in new], [one for one in new if one not in old]


def test_an_ignore_goes_with_its_comment_and_the_next_one_keeps_its_own():
    text = without_ignores(parse(CONFIG), [0])
    gone, new = changed(text)
    assert (gone, new) == (["# Why the first.", 'rule = "lossy_cast"', 'reason = "one"'], [])
    assert text.endswith(CONFIG[CONFIG.index("# Why the second.") :])


def test_the_last_ignores_leave_no_blank_lines():
    text = without_ignores(parse(CONFIG), [0, 1])
    assert text == CONFIG[: CONFIG.index("\n# Why the first.")]


def test_of_ignores_in_a_list_nothing_is_deleted():
    text = 'ignore = [{ rule = "lossy_cast", model = "a", reason = "one" }]\n[models.a]\nsource = "a"\n'
    assert without_ignores(parse(text), [0]) is None


@pytest.mark.parametrize(
    ("table", "key", "member", "new"),
    [
        (("models", "a"), ("outputs", "p"), {"range": [0, 1]}, "outputs.p = { range = [0, 1] }"),
        (("links", 0), ("bind",), {"p": "x"}, 'bind = { p = "x" }'),
        (("models", "b"), ("outputs", "y"), {"meaning": "pixels"}, 'outputs.y.meaning = "pixels"'),
        (("links", 0), ("policy",), {"assume": "warn"}, 'policy = { loss = "exact", assume = "warn" }'),
    ],
)
def test_a_member_is_written_where_its_key_stands_or_at_the_end_of_its_entry(table, key, member, new):
    text = with_member(parse(CONFIG), table, key, member)
    assert changed(text)[1] == [new]
    assert parse(text).entries != parse(CONFIG).entries


def test_a_new_key_stands_right_behind_the_others_of_its_entry():
    text = with_member(parse(CONFIG), ("models", "a"), ("outputs", "p"), {"range": [0, 1]})
    assert 'source = "a"  # where it is\noutputs.p = { range = [0, 1] }\n\n[models.b]' in text


def test_a_table_of_its_own_gets_a_line_more():
    text = CONFIG + "\n[models.a.outputs.p]\nrange = [0, 1]\n"
    written = with_member(parse(text), ("models", "a"), ("outputs", "p"), {"meaning": "pixels"})
    assert written == text + 'meaning = "pixels"\n'


def test_a_config_within_pyproject_is_edited_in_its_tables():
    text = '[project]\nname = "p"\n\n[tool.sigcheck.models.a]\nsource = "a"\n\n[tool.other]\nx = 1\n'
    written = with_member(parse(text, "pyproject.toml"), ("models", "a"), ("inputs", "x"), {"range": [0, 1]})
    assert written == text.replace('source = "a"\n', 'source = "a"\ninputs.x = { range = [0, 1] }\n')


@pytest.mark.parametrize(
    ("key", "member"),
    [
        # A comment stands behind the brace; the member is there already, in two ways to write it.
        (("inputs", "x"), {"range": [0, 1]}),
        (("outputs", "y"), {"range": [0, 1]}),
        (("inputs", "x"), {"axes": ["batch", "feature"]}),
    ],
)
def test_what_cannot_be_written_safely_is_left_to_a_person(key, member):
    assert with_member(parse(CONFIG), ("models", "b"), key, member) is None


def test_a_member_that_would_come_into_another_table_is_left_to_a_person():
    text = CONFIG.replace('policy = { loss = "exact" }', 'policy.losses = { x = "rounding" }')
    assert with_member(parse(text), ("links", 0), ("policy",), {"loss": "exact"}) is None


def test_an_entry_that_is_not_there_is_not_made():
    assert with_member(parse(CONFIG), ("models", "c"), ("inputs", "x"), {"range": [0, 1]}) is None


def test_what_looks_like_an_entry_in_a_text_is_none():
    text = CONFIG.replace('reason = "one"', 'reason = """\n[[ignore]]\nrule = 1\n"""')
    written = without_ignores(parse(text), [1])
    assert written is None or parse(written).entries.ignore == parse(text).entries.ignore[:1]
