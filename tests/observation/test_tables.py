"""Law: how many rows lack a tensor is the same in any order and grouping."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.observation.tables import Tables

NAMES = "abcdef"
ROWS = st.tuples(st.integers(0, 9), st.sets(st.sampled_from(NAMES), max_size=3))


def counted(parts):
    tables = Tables()
    for rows, names in parts:
        tables.add(rows, dict.fromkeys(names, rows))
    return tables


def lacking(tables):
    return {name: tables.lacking(name) for name in NAMES}


@given(st.lists(ROWS, max_size=8), st.data())
@settings(max_examples=300, deadline=None)
def test_any_order_and_grouping_gives_the_same(parts, data):
    states = [counted([part]) for part in data.draw(st.permutations(parts))] or [Tables()]
    while len(states) > 1:
        at = data.draw(st.integers(0, len(states) - 2))
        states[at].merge(states.pop(at + 1))
    assert lacking(states[0]) == lacking(counted(parts))


@given(st.lists(ROWS, max_size=8))
@settings(max_examples=300, deadline=None)
def test_a_tensor_is_missing_in_the_rows_of_its_table_that_have_it_not(parts):
    for name in NAMES:
        table = {name}
        for _ in parts:
            table |= {one for _, names in parts if names & table for one in names}
        expected = sum(rows for rows, names in parts if names & table and name not in names)
        assert counted(parts).lacking(name) == expected
