"""A column that is small in a file and large in memory is read in parts, and no further than anybody can hold it."""

from __future__ import annotations

import sys

import numpy as np
import pytest

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
