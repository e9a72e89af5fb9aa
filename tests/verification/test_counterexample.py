from __future__ import annotations

import base64
import io

import numpy as np
import pytest

from sigcheck.schema.errors import SourceError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, numpy_dtype
from sigcheck.verification.counterexample import pack, unpack, write_counterexample


def endpoint(text, name="a"):
    return Endpoint(name=name, spec=parse_spec(text))


DENSE = {
    "float32[?]": np.asarray([1.5, np.nan, -0.0], np.float32),
    "int64[?, 2]": np.asarray([[2**62, -1]], np.int64),
    "bool[]": np.asarray(True),
    "string[?]": np.asarray([b"", b"h\xc3\xa9", b"\x00\xff"], object),
    "float32[0, 3]": np.zeros((0, 3), np.float32),
    "bfloat16[?]": np.asarray([1.5, -2.0], numpy_dtype("bfloat16")),
}


@pytest.mark.parametrize("text", DENSE)
def test_a_dense_tensor_comes_back(text):
    found = unpack("case.npz", pack({"a": DENSE[text]}), [endpoint(text)])["a"]
    assert found.dtype == DENSE[text].dtype
    assert found.shape == DENSE[text].shape
    assert (
        found.tobytes() == DENSE[text].tobytes() if found.dtype.kind != "O" else found.tolist() == DENSE[text].tolist()
    )


def test_ragged_and_sparse_tensors_come_back():
    ragged = RaggedArray(np.arange(3, dtype=np.int32), (np.asarray([0, 1], np.int64), np.asarray([0, 3], np.int64)))
    sparse = SparseArray(np.asarray([[0, 1]]), np.asarray([2.0], np.float32), np.asarray([1, 2]))
    endpoints = [endpoint("ragged int32[?, None, None]", "r"), endpoint("sparse float32[?, 2]", "s")]
    found = unpack("case.npz", pack({"r": ragged, "s": sparse}), endpoints)
    assert [splits.tolist() for splits in found["r"].row_splits] == [[0, 1], [0, 3]]
    assert found["s"].indices.tolist() == [[0, 1]]
    assert found["s"].values.tolist() == [2.0]


def test_the_archive_is_one_that_numpy_reads_and_its_bytes_are_stable():
    packed = pack({"file": np.ones(2, np.float32), "a/b": np.zeros(1, np.int32)})
    with np.load(io.BytesIO(packed)) as archive:
        assert archive["file"].tolist() == [1.0, 1.0]
        assert archive["a/b"].tolist() == [0]
    assert packed == pack({"file": np.ones(2, np.float32), "a/b": np.zeros(1, np.int32)})


PICKLED = io.BytesIO()
np.savez(PICKLED, a=np.asarray([{}], object))

BROKEN = {
    "no archive": (b"text", "broken: cut off, or not a zip archive"),
    "a pickle": (PICKLED.getvalue(), "of dtype object, expected numbers or texts"),
    "no such name": (pack({"b": np.ones(1, np.float32)}), "no array 'a' for a: float32[?], it has b"),
    "other dtype": (pack({"a": np.ones(1, np.int32)}), "a is int32, expected float32"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_counterexample_says_why(name):
    packed, words = BROKEN[name]
    with pytest.raises(SourceError) as error:
        unpack("case.npz", packed, [endpoint("float32[?]")])
    assert str(error.value).startswith("case.npz: ")
    assert words in str(error.value)


def test_tensors_are_shown_as_lists():
    tensors = {
        "d": np.asarray([[1.5, 0.0]], np.float32),
        "r": RaggedArray(np.asarray([7, 8], np.int32), (np.asarray([0, 0, 2], np.int64),)),
        "s": SparseArray(np.asarray([[0, 1]]), np.asarray([2.0], np.float32), np.asarray([1, 2])),
    }
    specs = {"d": "float32[?, 2]", "r": "ragged int32[?, None]", "s": "sparse float32[?, 2]"}
    example = write_counterexample(tensors, {name: parse_spec(text) for name, text in specs.items()})
    assert example.tensors == {
        "d": "[[1.5, 0.0]] (float32[1, 2])",
        "r": "[[], [7, 8]] (ragged int32)",
        "s": "[2.0] at [[0, 1]] (sparse float32[1, 2])",
    }
    assert base64.b64decode(example.npz) == pack(tensors)


def test_a_large_tensor_is_shown_shortened_and_not_sent():
    example = write_counterexample({"d": np.zeros(2**17, np.float32)}, {"d": parse_spec("float32[?]")})
    assert example.npz is None
    assert len(example.tensors["d"]) < 250
