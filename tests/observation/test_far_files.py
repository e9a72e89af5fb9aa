"""Patterns and folders of a store are the files that it has; the memory file system of fsspec stands for one."""

from __future__ import annotations

import hashlib
import io
import uuid

import numpy as np
import pytest

import sigcheck
from sigcheck.encodings import remote
from sigcheck.encodings.remote_content import RemoteContent
from sigcheck.observation.far_files import far_files
from sigcheck.schema.errors import SourceError

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def store(monkeypatch):
    """A bucket with three arrays, one of them in a folder, and a text."""
    monkeypatch.setattr(remote, "SCHEMES", {**remote.SCHEMES, "memory": "for tests"})
    bucket = f"memory://{uuid.uuid4().hex}"
    written = io.BytesIO()
    np.save(written, np.ones((2, 3)))
    for name in ("a-0.npy", "a-1.npy", "b.txt", "deep/a-2.npy"):
        fsspec.filesystem("memory").pipe_file(f"{bucket}/{name}", written.getvalue())
    return bucket


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("a-*.npy", ["a-0.npy", "a-1.npy"]),
        ("a-[1-9].npy", ["a-1.npy"]),
        ("**/*.npy", ["a-0.npy", "a-1.npy", "deep/a-2.npy"]),
        ("*", ["a-0.npy", "a-1.npy", "b.txt"]),
        ("c*", []),
        ("deep", ["deep/a-2.npy"]),
        ("", ["a-0.npy", "a-1.npy"]),
        ("a-0.npy", ["a-0.npy"]),
    ],
)
def test_what_an_address_names(store, named, found):
    assert far_files(f"{store}/{named}") == [f"{store}/{one}" for one in found]


def test_a_file_may_have_the_name_of_a_pattern(store):
    address = f"{store}/a-[0].npy"
    assert far_files(address) == [f"{store}/a-0.npy"]
    fsspec.filesystem("memory").pipe_file(address, b"")
    assert far_files(address) == [address]


def test_a_pattern_of_a_store_is_observed(store):
    found = sigcheck.observe([f"{store}/a-*.npy", f"{store}/deep"])
    assert ([one.rows for one in found.files], found.tensors[0].rows) == ([2, 2, 2], 6)


def test_a_pattern_that_no_file_matches_is_one_line(store):
    with pytest.raises(SourceError, match="no data here"):
        sigcheck.observe(f"{store}/c-*.npy")


def test_a_server_has_no_list():
    address = "https://example.com/data/a.npy?version=*"
    assert far_files(address) == [address]
    with pytest.raises(SourceError, match="a server has no list of its files"):
        far_files("https://example.com/data/*.npy")


def content_of(suffix):
    values, written = np.random.default_rng(0).normal(size=(200_000, 4)), io.BytesIO()
    if suffix == ".npy":
        np.save(written, values)
    elif suffix == ".npz":
        np.savez(written, x=values, y=values[:100])
    elif suffix == ".csv":
        return b"x,y\n" + b"1.25,2.5\n" * 700_000
    else:
        arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        parquet.write_table(arrow.table({name: values[:, at] for at, name in enumerate("abcd")}), written)
    return written.getvalue()


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".csv", ".parquet"])
def test_what_is_far_is_read_once_and_its_hash_is_that_of_all_bytes(store, monkeypatch, suffix):
    content, fetched, fetch = content_of(suffix), [], RemoteContent._fetch
    fsspec.filesystem("memory").pipe_file(f"{store}/x{suffix}", content)
    monkeypatch.setattr(
        RemoteContent, "_fetch", lambda self, start, stop: fetched.append(stop - start) or fetch(self, start, stop)
    )
    (found,) = sigcheck.observe(f"{store}/x{suffix}").files
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert sum(fetched) < 1.2 * len(content)
