from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import sparse_to_ragged
from sigcheck.transforms.parts.array import GuardError, SparseArray

CASES = [
    ("sparse any[?, ?]", "ragged any[?, None]"),
    ("sparse int32[3, 7]", "ragged int32[?, None]"),
    ("sparse int32[?, ?]", "int32[?, ?]", {}, {"padding": {"value": 5, "side": "pre"}}),
]


def sparse(indices, shape):
    return SparseArray(np.asarray(indices, np.int64), np.arange(len(indices), dtype=np.int32), np.asarray(shape))


def test_rows_are_read_from_their_beginning():
    spec = parse_spec("sparse int32[?, ?]")
    (step,) = sparse_to_ragged.propose(spec, parse_spec("ragged int32[?, None]"))
    made = sparse_to_ragged.reference(spec, step, sparse([[0, 0], [2, 0], [2, 1]], [4, 3]))
    assert (made.row_splits[0].tolist(), made.values.tolist()) == ([0, 1, 1, 3, 3], [0, 1, 2])
    for gap in ([[0, 1]], [[0, 0], [0, 2]]):
        with pytest.raises(GuardError):
            sparse_to_ragged.reference(spec, step, sparse(gap, [1, 3]))


def test_a_row_is_filled_behind_where_it_stands(propose):
    assert propose("sparse_to_ragged", "sparse int32[?, ?]", "int32[?, ?]", {}, {"padding": {"value": 5}}) == []
