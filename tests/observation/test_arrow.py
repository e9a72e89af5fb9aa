"""A column that is small in a file and large in memory is read in parts, and no further than anybody can hold it."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.observation import arrow, files
from sigcheck.observation.asked import AS_IT_IS
from sigcheck.observation.sources import parquet

pa = pytest.importorskip("pyarrow")


def write(path, lengths, **options):
    """Lists of zeros, which are some bytes in the file however long they are."""
    from pyarrow import parquet as written

    ends = np.cumsum([0, *lengths]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), pa.array(np.zeros(ends[-1])))
    written.write_table(pa.table({"x": lists}), path, **options)
    return path


def test_lists_are_read_so_many_rows_at_a_time_as_there_is_room_for(tmp_path):
    path = write(tmp_path / "even.parquet", [6000] * 1500)
    assert path.stat().st_size < 4000
    with path.open("rb") as file:
        sizes = [batch.columns["x"].values.nbytes for batch in parquet.batches(file, "even", AS_IT_IS)]
    assert sum(sizes) == 1500 * 6000 * 8
    assert max(sizes) <= 1 << 24


def test_a_row_that_nobody_can_hold_is_one_line_behind_the_rows_before_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(arrow, "MOST_ROW_BYTES", 1 << 20)
    path = write(tmp_path / "skew.parquet", [1] * 30_000 + [200_000])
    assert run(["observe", str(path), "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert err == (f"sigcheck: {path}: x: a list of 1 MiB in one row, expected at most 1 MiB. Split it.\n")
    assert '"name": "x"' in out


@pytest.mark.skipif(sys.platform != "linux", reason="no other system limits the memory of a process so")
def test_what_unpacks_to_more_than_there_is_memory_for_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(files, "MOST_MEMORY", 64 << 20)
    path = write(tmp_path / "one.parquet", [20_000_000])
    assert run(["observe", str(path)]) == 2
    out, err = capsys.readouterr()
    told = "unpacks to more than there is memory for, expected rows of at most 256 MiB. Split its rows."
    assert (out, err) == ("", f"sigcheck: {path}: {told}\n")


def observed(tmp_path, array, capsys):
    from pyarrow import parquet as written

    path = tmp_path / "lists.parquet"
    written.write_table(pa.table({"n": [1, 2], "x": array}), path)
    code = run(["observe", str(path)])
    out, err = capsys.readouterr()
    return code, out, err.removeprefix(f"sigcheck: {path}: ")


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([[1, None], [None, 2]], pa.list_(pa.int64(), 2)),
        ([[1, None], [3, 2]], pa.list_(pa.int64(), 2)),
        ([[1, None], [3]], pa.list_(pa.int64())),
    ],
    ids=["as many as a row", "one", "of varying length"],
)
def test_values_of_several_rows_are_never_joined_to_one_where_others_are_null(tmp_path, capsys, rows, kind):
    code, out, err = observed(tmp_path, pa.array(rows, type=kind), capsys)
    assert (code, err) == (0, "")
    there = [one for row in rows for one in row if one is not None]
    nulls = sum(one is None for row in rows for one in row)
    assert f"nulls     {nulls} without a value within rows" in out
    assert f"values    {min(there)} to {max(there)}, mean {sum(there) / len(there):.6g}" in out
    assert ("x  int64[?, 2]" in out) == (len({*map(len, rows)}) == 1)


def test_lists_of_as_many_lists_are_one_tensor(tmp_path, capsys):
    kind = pa.list_(pa.list_(pa.int64(), 2), 3)
    code, out, err = observed(tmp_path, pa.array([[[1, 2], [3, 4], [5, 6]]] * 2, type=kind), capsys)
    assert (code, err) == (0, "")
    assert "x  int64[?, 3, 2]" in out


def test_lists_of_as_many_lists_of_varying_length_are_left_out(tmp_path, capsys):
    kind = pa.list_(pa.list_(pa.int64()), 2)
    code, out, err = observed(tmp_path, pa.array([[[1], [2, 3]], [[3], []]], type=kind), capsys)
    assert (code, "n  int64[?]" in out, "x  " in out) == (0, True, False)
    assert "left out    x (fixed_size_list<element: list<element: int64>>[2]):" in out
    assert err == ""


@pytest.mark.parametrize(
    ("rows", "size"), [([[None], [None]], -1), ([[None], [None]], 1), ([[], []], -1)], ids=["nulls", "of one", "empty"]
)
def test_lists_of_null_are_left_out_and_told(tmp_path, capsys, rows, size):
    code, out, err = observed(tmp_path, pa.array(rows, type=pa.list_(pa.null(), size)), capsys)
    assert (code, "n  int64[?]" in out, "x  " in out, err) == (0, True, False, "")
    told = "fixed_size_list<element: null>[1]" if size == 1 else "no value in 2 rows"
    assert f"left out    x ({told}):" in out


def test_lists_of_null_in_one_file_are_rows_of_those_in_another(tmp_path):
    from pyarrow import parquet as written

    written.write_table(pa.table({"x": pa.array([[None], []], pa.list_(pa.null()))}), tmp_path / "0.parquet")
    written.write_table(pa.table({"x": [[1, 2], [3]]}), tmp_path / "1.parquet")
    (found,) = sigcheck.observe(tmp_path).tensors
    assert (str(found.spec), found.rows, found.missing, found.nulls) == ("ragged int64[?, None]", 3, 1, 1)
    assert found.lengths == ((0, 1), (1, 1), (2, 1))
