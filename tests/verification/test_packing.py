from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.dtype import DTYPES
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, numpy_dtype
from sigcheck.verification.comparison import find_difference
from sigcheck.verification.packing import pack_tensors, unpack_tensors

SENT = [name for name, dtype in DTYPES.items() if dtype.kind not in {"opaque", "quantized", "string"}]


@pytest.mark.parametrize("dtype", SENT)
def test_every_dtype_comes_back(dtype):
    values = np.asarray([[0, 1, 1], [1, 0, 1]]).astype(numpy_dtype(dtype))
    [back] = unpack_tensors(*pack_tensors({"a": values})).values()
    assert (back.dtype, back.shape) == (values.dtype, values.shape)
    assert find_difference(values, back) is None


TENSORS = {
    "a scalar": np.asarray(1.5, np.float32),
    "nothing": np.zeros((3, 0, 2), np.int64),
    "NaN": np.asarray([np.nan, np.inf, -0.0]),
    "strings": np.asarray([[b"", b"a"], [b"\x00\xff", b"x" * 300]], object),
    "no strings": np.zeros((0, 2), object),
    "a string": np.asarray(b"one", object),
    "ragged": RaggedArray(np.arange(3), (np.asarray([0, 2]), np.asarray([0, 1, 3]))),
    "sparse": SparseArray(np.asarray([[0, 1]]), np.asarray([b"v"], object), np.asarray([2, 2])),
}


def test_tensors_come_back_together():
    back = unpack_tensors(*pack_tensors(TENSORS))
    assert list(back) == list(TENSORS)
    for name, tensor in TENSORS.items():
        assert find_difference(tensor, back[name]) is None, name


BROKEN = {
    "too few bytes": ({"a": {"kind": "dense", "arrays": [["float32", [2], 8]]}}, b"1234"),
    "too many bytes": ({"a": {"kind": "dense", "arrays": [["float32", [1], 4]]}}, b"12345"),
    "another count": ({"a": {"kind": "dense", "arrays": [["float32", [3], 8]]}}, b"12345678"),
    "a huge shape of nothing": ({"a": {"kind": "dense", "arrays": [["float32", [2**40, 2**40], 0]]}}, b""),
    "a negative size": ({"a": {"kind": "dense", "arrays": [["float32", [-1], 4]]}}, b"1234"),
    "a pickle": ({"a": {"kind": "dense", "arrays": [["object", [1], 4]]}}, b"1234"),
    "no dtype": ({"a": {"kind": "dense", "arrays": [["os.system", [1], 4]]}}, b"1234"),
    "no kind": ({"a": {"kind": "wishful", "arrays": []}}, b""),
    "no arrays": ({"a": {"kind": "dense"}}, b""),
    "no description": ({"a": 3}, b""),
    "many strings of nothing": ({"a": {"kind": "dense", "arrays": [["string", [2**40], 8]]}}, bytes(8)),
    "strings beyond the end": ({"a": {"kind": "dense", "arrays": [["string", [1], 9]]}}, b"\xff" * 9),
    "row splits of strings": ({"a": {"kind": "ragged", "arrays": [["int8", [1], 1], ["float32", [1], 4]]}}, bytes(5)),
    "indices of floats": (
        {"a": {"kind": "sparse", "arrays": [["float32", [1, 1], 4], ["int8", [1], 1], ["int64", [1], 8]]}},
        bytes(13),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_was_not_packed_here_is_refused(name):
    with pytest.raises((ValueError, KeyError, TypeError)):
        unpack_tensors(*BROKEN[name])


def test_values_that_are_no_numbers_are_not_sent():
    with pytest.raises(ValueError, match="not sent"):
        pack_tensors({"a": np.zeros(2, np.dtype([("qint8", "i1")]))})
