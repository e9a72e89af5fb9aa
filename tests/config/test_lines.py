from __future__ import annotations

import pytest

from sigcheck.config.lines import find_lines, line_of

TEXT = """\
# models
[models.encoder]
source = "a"  # = b
outputs.embedding = { range = [-1, 1] }
[models."a.b"]
source = "c"

[[links]]
from = "a"
[links.policy]
loss = "exact"
[[links]]
bind = {
  x = "y" }
[ [odd ]
'single'.key = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("models",), 2),
        (("models", "encoder"), 2),
        (("models", "encoder", "source"), 3),
        (("models", "encoder", "outputs", "embedding"), 4),
        (("models", "a.b"), 5),
        (("models", "a.b", "source"), 6),
        (("links", 0), 8),
        (("links", 0, "from"), 9),
        (("links", 0, "policy", "loss"), 11),
        (("links", 1), 12),
        (("links", 1, "bind"), 13),
        (("links", 1, "single", "key"), 16),
    ],
)
def test_each_key_has_its_line(path, line):
    assert find_lines(TEXT)[path] == line


def test_what_has_no_line_of_its_own_has_that_of_the_table_around_it():
    lines = find_lines(TEXT)
    assert line_of(lines, ("models", "encoder", "outputs", "embedding", "range", 0)) == 4
    assert line_of(lines, ("links", 1, "policy", "loss")) == 12
    assert line_of(lines, ("nowhere",)) == 1


def test_dotted_keys_with_spaces_and_quotes():
    assert find_lines('a . b = 1\n"a".c = 2') == {("a",): 1, ("a", "b"): 1, ("a", "c"): 2}
