from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigcheck.schema.distinct import distinct_names, file_name, free_name, numbered_names

NAMES = st.lists(st.sampled_from(["m", "m_1", "m_2", "m_1_1", "other", ""]), max_size=12)


@given(NAMES, NAMES)
def test_names_that_are_made_up_are_no_others(names, taken):
    found = numbered_names(names, taken)
    assert len(set(found)) == len(found) == len(names)
    assert set(found).isdisjoint(taken)
    kept = [name for name in names if names.count(name) == 1 and name not in taken]
    assert [made for name, made in zip(names, found, strict=True) if name in kept] == kept
    found = distinct_names(names)
    assert len(set(found)) == len(found) == len(names)
    assert set(names) <= set(found)
    assert free_name("m", taken) not in taken


def test_names_by_the_thousand_are_told_apart_at_once():
    begun = time.perf_counter()
    assert len(set(numbered_names(["m"] * 50_000))) == 50_000
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(("one", "other"), [("a b", "a_b"), ("a/b", "a:b"), ("x" * 300, "x" * 301), ("\udce9", "_")])
def test_names_of_files_differ_where_the_names_do(one, other):
    assert file_name(one, r"\w.-") != file_name(other, r"\w.-")
