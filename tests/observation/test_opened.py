from __future__ import annotations

import hashlib
import io
import json
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigcheck.encodings.reach import MAX_BYTES, Budget
from sigcheck.observation import opened
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


class Halting(io.BytesIO):
    """A file that gives a part of what it is asked for, as a raw one may."""

    def readinto(self, buffer):
        part = self.read(1 + len(buffer) // 2)
        buffer[: len(part)] = part
        return len(part)


@given(st.integers(1, 200), st.lists(st.tuples(st.integers(0, 220), st.integers(0, 60)), max_size=8), st.booleans())
@settings(max_examples=400, deadline=None)
def test_the_hash_is_that_of_all_bytes_whatever_a_reader_jumps_over_reads_twice_or_closes(size, reads, is_closed):
    content = bytes(range(size))

    @contextmanager
    def raw(path):
        yield Halting(content), len(content)

    digest, watcher = opened.Digest(), Counting()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(opened, "_raw", raw)
        patched.setattr(opened, "_BUFFER_BYTES", 16)
        with opened.opened("data.npy", watcher, digest) as (file, _):
            for start, count in reads:
                file.seek(start)
                file.read(count)
            if is_closed:
                file.close()
    assert digest.hexdigest() == hashlib.sha256(content).hexdigest()
    assert sum(watcher.done) == len(content)
