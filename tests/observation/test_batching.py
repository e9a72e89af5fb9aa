"""Law: rows are observed to the same bytes however many of them are read at a time."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sigcheck
from sigcheck.observation import batching
from sigcheck.observation import framed as framed_records
from sigcheck.schema.errors import SourceError
from tests.observation.records import field, framed, record, varint

NUMBERS = st.integers(-2, 3)
CELLS = (
    NUMBERS | st.none(),
    st.lists(NUMBERS, max_size=3) | st.none(),
    st.lists(st.sampled_from(["a", "bc"]), max_size=2),
    st.sampled_from([[], None, [[1]], [[2], [3]], [[1, 2]], [[]]]),
    st.sampled_from([1, [], "a", [1], [[1]], True, None]),
)
OBJECTS = st.tuples(st.sampled_from(CELLS), st.sampled_from(CELLS)).flatmap(
    lambda cells: st.lists(st.fixed_dictionaries({}, optional=dict(zip("ab", cells, strict=True))), min_size=1)
)


def seen(path, rows):
    """What is seen of the file, so many rows at a time; None where it is refused."""
    before = batching._ROWS, framed_records._ROWS
    batching._ROWS = framed_records._ROWS = rows
    try:
        return sigcheck.observe(path).model_dump_json()
    except SourceError:
        return None
    finally:
        batching._ROWS, framed_records._ROWS = before


def require_the_same(name, content, count):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        whole = seen(path, count + 1)
        assert all(seen(path, rows) == whole for rows in {1, 2, max(1, count - 1)})


@given(OBJECTS)
@settings(max_examples=80, deadline=None)
def test_json_lines(rows):
    require_the_same("a.jsonl", "\n".join(map(json.dumps, rows)).encode(), len(rows))


def steps(*widths):
    """A SequenceExample of one list of features, each of so many numbers; without widths an empty list."""
    features = b"".join(field(1, field(3, field(1, b"".join(map(varint, range(width)))))) for width in widths)
    return framed(field(2, field(1, field(1, b"s") + field(2, features))))


KINDLESS = framed(field(1, field(1, field(1, b"i") + field(2, b""))))


@given(st.lists(st.sampled_from(range(8)), min_size=1))
@settings(max_examples=60, deadline=None)
def test_records(chosen):
    pytest.importorskip("google_crc32c")
    forms = [
        lambda: record(i=[1, 2]),
        lambda: record(i=[3], t=b"a"),
        record,
        lambda: KINDLESS,
        steps,
        lambda: steps(2, 2),
        lambda: steps(3),
        lambda: steps(1),
    ]
    require_the_same("a.tfrecord", b"".join(forms[one]() for one in chosen), len(chosen))


def test_a_column_that_a_whole_batch_lacks_is_missing_there(tmp_path):
    path = tmp_path / "a.jsonl"
    for rows in (['{"x": 1}'] * 4096 + ['{"x": 1, "y": 2}'], ['{"x": 1, "y": 2}'] + ["{}"] * 4096):
        path.write_text("\n".join(rows))
        found = {one.name: (one.rows, one.missing) for one in sigcheck.observe(path).tensors}
        assert found["y"] == (1, 4096)
        assert sum(found["x"]) == 4097


def test_a_column_that_a_file_lacks_is_missing_there(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.ones(3), y=np.ones(3))
    np.savez(tmp_path / "b.npz", x=np.ones(4))
    np.savez(tmp_path / "c.npz", z=np.ones(5))
    for names in ("abc", "cba"):
        found = sigcheck.observe([tmp_path / f"{name}.npz" for name in names])
        # The last has nothing in common with the others.
        assert {one.name: one.missing for one in found.tensors} == {"x": 0, "y": 4, "z": 0}


def test_arrays_of_other_lengths_are_no_table(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.ones(3), y=np.ones(30))
    assert [one.missing for one in sigcheck.observe(tmp_path / "a.npz").tensors] == [0, 0]


def test_elements_that_lack_a_key_are_counted():
    elements = [{"x": np.ones(2), "y": np.ones(2)}, {"x": np.ones(3)}]
    for order in (elements, elements[::-1]):
        assert {one.name: one.missing for one in sigcheck.observe(order).tensors} == {"x": 0, "y": 3}


def test_columns_of_nothing_are_missing(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(arrow.table({"n": [1, 2], "y": [None, None]}), tmp_path / "a.parquet")
    parquet.write_table(arrow.table({"n": [1, 2], "y": [None, 5]}), tmp_path / "b.parquet")
    (_, found) = sigcheck.observe(os.fspath(tmp_path / "*.parquet")).tensors
    assert (found.rows, found.missing) == (1, 3)
