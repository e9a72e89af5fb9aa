from __future__ import annotations

import json

import numpy as np
import pytest

from sigcheck.encodings.reach import MAX_BYTES, Budget
from sigcheck.observation.files import observe_part
from sigcheck.schema.watcher import Watcher


class Counting(Watcher):
    def __init__(self):
        self.done = []

    def advance(self, count=1):
        self.done.append(count)


def write(folder, suffix):
    path = folder / f"data{suffix}"
    if suffix == ".npy":
        np.save(path, np.ones((1 << 20, 6), np.float32))
    elif suffix == ".npz":
        np.savez_compressed(path, x=np.random.default_rng(0).normal(size=(1 << 16, 8)))
    elif suffix == ".jsonl":
        path.write_text("".join(json.dumps({"x": at}) + "\n" for at in range(100_000)))
    elif suffix == ".csv":
        path.write_text("x\n" + "".join(f"{at}\n" for at in range(700_000)))
    else:
        pa = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        parquet.write_table(pa.table({"x": np.random.default_rng(0).normal(size=1 << 18)}), path)
    return path


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".jsonl", ".csv", ".parquet"])
def test_who_watches_is_told_every_byte_of_a_file_as_it_is_read(tmp_path, suffix):
    path, watcher = write(tmp_path, suffix), Counting()
    assert observe_part(0, str(path), watcher=watcher).problem is None
    assert sum(watcher.done) == path.stat().st_size
    assert max(watcher.done) < path.stat().st_size


def test_data_from_afar_has_no_end_but_each_wait_for_a_part_of_it():
    budget = Budget.of_data()
    for _ in range(3):
        budget.take(MAX_BYTES, "gs://bucket/data.npy")
    assert budget.seconds_left("gs://bucket/data.npy") == budget.seconds_left("gs://bucket/data.npy")
