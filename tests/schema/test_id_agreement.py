from __future__ import annotations

import pytest

from sigcheck.schema.agreement import conflicts
from sigcheck.schema.facts import Facts
from sigcheck.schema.id_agreement import has_no_ids, id_bound, id_limits, is_filled_beyond_ids
from sigcheck.schema.notation import parse_spec


@pytest.mark.parametrize(
    ("gives", "wants", "is_beyond"),
    [
        ({"id_count": 10, "padding": {"value": -1}}, {"id_count": 10}, True),
        ({"id_count": 10, "padding": {"value": 0}}, {"id_count": 10}, False),
        # Which ids there are the range says too, whoever calls them ids.
        ({"id_count": 10, "padding": {"value": -1}}, {"range": [0, 9]}, True),
        ({"padding": {"value": -1}}, {"range": [0, 9]}, False),
        # No id is a fraction, or no number.
        ({"padding": {"value": 0.5}}, {"meaning": "token_ids", "id_count": 10}, True),
        ({"padding": {"value": "nan"}}, {"meaning": "token_ids", "id_count": 10}, True),
        ({"padding": {"value": "nan"}}, {"meaning": "token_ids"}, False),
        ({"padding": {"value": "[PAD]"}}, {"meaning": "token_ids", "id_count": 10}, False),
    ],
)
def test_what_fills_rows_is_an_id_or_none(gives, wants, is_beyond):
    ours, theirs = Facts.model_validate(gives), Facts.model_validate(wants)
    assert is_filled_beyond_ids(ours, theirs) is is_beyond
    provided, required = (
        parse_spec("float32[?, 4]").replace(facts=Facts.model_validate(facts)) for facts in (gives, wants)
    )
    assert ("id_count" in conflicts(provided, required)) is is_beyond


@pytest.mark.parametrize(
    ("facts", "limits", "has_none"),
    [
        ({"id_count": 20}, (0, 19), False),
        ({"id_count": 20, "range": [10, 200]}, (10, 19), False),
        # Nobody knows which of the two is wrong.
        ({"id_count": 20, "range": [100, 200]}, None, True),
        ({"meaning": "class_ids", "range": [0.2, 0.8]}, None, True),
        ({"meaning": "class_ids"}, None, False),
    ],
)
def test_a_count_and_a_range_say_which_ids_there_are(facts, limits, has_none):
    found = Facts.model_validate(facts)
    assert (id_limits(found), has_no_ids(found)) == (limits, has_none)
    assert id_bound(found) == (None if limits is None else limits[1] + 1)
