from __future__ import annotations

import pytest

from sigcheck.rules.views.seen import words


@pytest.mark.parametrize(
    ("fact", "value", "told"),
    [
        ("range", (0, 255), "range [0, 255]"),
        ("axes", ("batch", "time"), "axes batch, time"),
        # The axes of one number are none, and no ends of a range.
        ("axes", (), "axes"),
        ("id_count", 5, "id count 5"),
    ],
)
def test_a_fact_is_told_as_people_write_it(fact, value, told):
    assert words(fact, value) == told
