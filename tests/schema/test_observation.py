from __future__ import annotations

import pytest

from sigcheck.observation.sources import csv, jsonl, npy, npz, parquet, tfrecord
from sigcheck.schema.observation import DataFile, Observation


def observed(*endings):
    return Observation(files=tuple(DataFile(path=f"DATA{one.upper()}", sha256="", bytes=1, rows=1) for one in endings))


@pytest.mark.parametrize("source", [csv, jsonl])
def test_what_is_read_of_text_is_text(source):
    assert all(observed(one).is_text for one in source.SUFFIXES)


@pytest.mark.parametrize("source", [npy, npz, parquet, tfrecord])
def test_what_has_dtypes_is_none(source):
    assert not any(observed(one).is_text or observed(one, ".csv").is_text for one in source.SUFFIXES)


def test_data_of_no_file_is_none():
    assert not observed().is_text
