"""A folder that `tf.data.Dataset.save` wrote is data: its elements are rows, or batches of them."""

from __future__ import annotations

import gzip
import struct
import time
import tracemalloc
from pathlib import Path
from random import Random

import numpy as np
import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.observation.facts import facts_of
from sigcheck.schema.errors import SourceError
from tests.observation.records import field, framed, varint
from tests.readers.test_mutated_files import mutate

pytest.importorskip("google_crc32c")

FLOAT, STRING, INT64, VARIANT = 1, 7, 9, 21


def number(at, value):
    return varint(at << 3) + varint(value % 2**64)


def shape(sizes):
    return b"".join(field(2, number(1, size)) for size in sizes)


def tensor(dtype, sizes, content):
    return framed(number(1, dtype) + field(2, shape(sizes)) + field(4, content))


def spec(dtype, sizes):
    return field(33, field(2, shape(sizes)) + number(3, dtype))


def fields(**specs):
    return field(53, b"".join(field(1, field(1, name.encode()) + field(2, one)) for name, one in specs.items()))


def type_spec(name, rank):
    """A TypeSpec of this name, with the state that one of a ragged tensor of this rank has (a zigzag number)."""
    state = field(52, field(1, field(31, b"")) + field(1, number(32, INT64)) + field(1, number(12, 2 * rank)))
    return field(34, number(1, 3) + field(2, state) + field(3, name.encode()))


def ragged(rows, sizes):
    """A ragged tensor of int64, each of its rows in a variant."""
    content = [number(1, INT64) + field(2, shape([len(row)])) + field(10, b"".join(map(varint, row))) for row in rows]
    texts = [field(1, b"RaggedTensorVariant") + field(3, one) for one in content]
    return tensor(VARIANT, sizes, b"".join(varint(len(one)) for one in texts) + b"".join(texts))


def sparse(*rows, sizes):
    """Sparse int64, three variants for each: its indices along the first axis, its values and its dense shape."""
    texts = []
    for values, places, dense_shape in rows:
        rank = len(dense_shape)
        for dims, own in (([len(places), rank], places), ([len(values)], values), ([rank], dense_shape)):
            numbers = b"".join(varint(value % 2**64) for value in own)
            one = number(1, INT64) + field(2, shape(dims)) + field(10, numbers)
            texts.append(field(1, b"tensorflow::Tensor") + field(3, one))
    return tensor(VARIANT, sizes, b"".join(varint(len(one)) for one in texts) + b"".join(texts))


def save(folder, structure, records, *, compress=bytes, finished=True, version=2):
    shard = folder / "123" / "00000000.shard"
    shard.mkdir(parents=True)
    (folder / "dataset_spec.pb").write_bytes(structure)
    end = number(1000, 1) if finished else b""
    (folder / "snapshot.metadata").write_bytes(field(2, b"123") + number(4, version) + end)
    (shard / "00000000.snapshot").write_bytes(compress(b"".join(records)))
    return folder


def pair(ids, text):
    return [
        tensor(INT64, [len(ids)], struct.pack(f"<{len(ids)}q", *ids)),
        tensor(STRING, [], varint(len(text)) + text),
    ]


STRUCTURE = fields(t=spec(STRING, []), ids=spec(INT64, [-1]))
ELEMENTS = [*pair([1, 2], b"a"), *pair([3], b"bcd"), *pair([], b"")]


def refusal(folder, *, is_batched=False):
    """Why the folder is not read; nothing where it is."""
    try:
        sigcheck.observe(folder, is_batched=is_batched)
    except SourceError as error:
        return str(error)
    return ""


def shown(observation):
    return {one.name: (str(one.spec), one.rows) for one in observation.tensors}


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_an_element_is_a_row(tmp_path, compress):
    folder = save(tmp_path / "data", STRUCTURE, ELEMENTS, compress=compress)
    found = sigcheck.observe(folder)
    assert shown(found) == {"ids": ("ragged int64[?, None]", 3), "t": ("string[?]", 3)}
    assert found.tensors[0].lengths == ((0, 1), (1, 1), (2, 1))
    assert found.files[0].rows == 3


def test_an_element_is_a_batch_where_somebody_says_so(tmp_path, capsys):
    rows = [np.ones((size, 3), "<f4") for size in (4, 4, 1)]
    records = [tensor(FLOAT, one.shape, one.tobytes()) for one in rows]
    folder = save(tmp_path / "data", spec(FLOAT, [-1, 3]), records)
    assert shown(sigcheck.observe(folder, is_batched=True)) == {"values": ("float32[?, 3]", 9)}
    assert run(["observe", str(folder), "--batched", "--name", "x"]) == 0
    assert "x  float32[?, 3]" in capsys.readouterr().out


@pytest.mark.parametrize("is_batched", [False, True])
def test_ragged_tensors_are_rows_of_varying_length(tmp_path, is_batched):
    rows = [[1, 2], [], [300]]
    records = [ragged(rows[:2], [2]), ragged(rows[2:], [1]), ragged([], [0])]
    alone = [ragged([row], []) for row in rows]
    folder = save(tmp_path / "data", type_spec("RaggedTensorSpec", int(is_batched)), records if is_batched else alone)
    found = sigcheck.observe(folder, is_batched=is_batched)
    assert shown(found) == {"values": ("ragged int64[?, None]", 3)}
    assert found.tensors[0].lengths == ((0, 1), (1, 1), (2, 1))
    assert (found.tensors[0].numbers.least, found.tensors[0].numbers.greatest) == (1, 300)
    assert "no tensor" in refusal(save(tmp_path / "cut", type_spec("RaggedTensorSpec", 0), [tensor(INT64, [0], b"")]))


@pytest.mark.parametrize("is_batched", [False, True])
def test_sparse_tensors_are_entries_of_rows(tmp_path, is_batched, capsys):
    rows = [([7, 9], [0, 3], [5]), ([], [], [5]), ([300], [1], [4])]
    batches = [sparse(*rows[:2], sizes=[2, 3]), sparse(rows[2], sizes=[1, 3])]
    alone = [sparse(row, sizes=[3]) for row in rows]
    folder = save(tmp_path / "data", type_spec("SparseTensorSpec", 0), batches if is_batched else alone)
    found = sigcheck.observe(folder, is_batched=is_batched)
    assert shown(found) == {"values": ("sparse int64[?, ?]", 3)}
    (one,) = found.tensors
    assert one.sizes == ((4, 5),)
    assert one.entries == ((0, 1), (1, 1), (2, 1))
    assert one.lengths == ()
    assert (one.numbers.count, one.numbers.least, one.numbers.greatest) == (3, 7, 300)
    assert facts_of(one)["range"] == [0, 300]
    assert run(["observe", str(folder), *(["--batched"] if is_batched else [])]) == 0
    assert "entries   0 to 2 in a row, mean 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "sizes", "problem"),
    [
        (([7, 9], [0], [5]), [3], "element 0: no tensor"),
        (([7], [5], [5]), [3], "element 0: no tensor"),
        (([7], [-1], [5]), [3], "element 0: no tensor"),
        (([7], [0], [5]), [1, 3], "element 0: a batch of sparse rows, expected one row. Say --batched"),
        (([7], [0], [5]), [2, 3], "element 0: a batch of sparse rows"),
        (([7], [0], [5]), [1, 1, 3], "element 0: no tensor"),
    ],
)
def test_what_is_no_sparse_row_is_told(tmp_path, row, sizes, problem):
    folder = save(tmp_path / "data", type_spec("SparseTensorSpec", 0), [sparse(row, sizes=sizes)])
    assert problem in refusal(folder)


def test_rows_that_no_entry_stands_for_are_bounded(tmp_path):
    record = sparse(([], [], [2**40]), sizes=[3])
    folder = save(tmp_path / "data", type_spec("SparseTensorSpec", 0), [record])
    assert refusal(folder) == ""
    assert "element 0: no tensor" in refusal(folder, is_batched=True)


def test_a_tensor_of_thousands_of_axes_ends_at_once(tmp_path):
    folder = save(tmp_path / "data", spec(INT64, [-1]), [tensor(INT64, [2**60] * 100_000, b"")])
    start = time.process_time()
    assert "no tensor that can be read" in refusal(folder)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"finished": False}, "a dataset whose saving did not end"),
        ({"version": 1}, "another form of a snapshot"),
        ({"records": ELEMENTS[:3]}, "element 1: 1 of 2 tensors"),
        ({"records": [*ELEMENTS[:2], tensor(INT64, [9], b""), ELEMENTS[1]]}, "element 1: no tensor that can be read"),
        ({"records": [*ELEMENTS[:2], tensor(21, [], b""), ELEMENTS[1]]}, "element 1: no tensor that can be read"),
        ({"records": [ELEMENTS[0], tensor(STRING, [2**40], b"a")]}, "element 0: no tensor that can be read"),
        ({"structure": b"\xff\xff"}, "no structure of an element"),
        ({"structure": b""}, "elements without a tensor"),
        ({"structure": type_spec("OptionalSpec", 0)}, "OptionalSpec, expected dense, ragged or sparse tensors"),
        ({"structure": type_spec("SparseTensorSpec", 0)}, "element 0: no tensor that can be read"),
        ({"structure": type_spec("RaggedTensorSpec", 2), "records": []}, "ragged rank 2, expected rows of values"),
        ({"structure": type_spec("RaggedTensorSpec", 1), "records": []}, "ragged rank 1, .* Say --batched"),
        ({"structure": type_spec("RaggedTensorSpec", 0)}, "element 0: no tensor that can be read"),
        ({"compress": lambda data: gzip.compress(data)[:-20]}, "no whole GZIP file"),
    ],
)
def test_what_is_broken_is_one_line(tmp_path, changes, problem):
    told = {"structure": STRUCTURE, "records": ELEMENTS, **changes}
    folder = save(tmp_path / "data", told.pop("structure"), told.pop("records"), **told)
    with pytest.raises(SourceError, match=problem):
        sigcheck.observe(folder)


def sparse_of_shape(dense_shape):
    """A sparse tensor without an entry."""
    return sparse(([], [], dense_shape), sizes=[3])


@pytest.mark.parametrize(
    ("dense_shape", "is_batched"),
    [([-5], False), ([3, -5], True), ([-3, 5], True), ([3] * 300, False), ([3] * 300, True), ([2**20, 5], True)],
)
def test_a_dense_shape_that_nothing_has_is_one_line(tmp_path, dense_shape, is_batched):
    folder = save(tmp_path / "data", type_spec("SparseTensorSpec", 1), [sparse_of_shape(dense_shape)])
    assert "element 0: no tensor that can be read" in refusal(folder, is_batched=is_batched)


def test_sparse_rows_that_take_no_bytes_are_not_held_all_at_once(tmp_path):
    folder = save(tmp_path / "data", type_spec("SparseTensorSpec", 1), [sparse_of_shape([2**16, 5])] * 400)
    tracemalloc.start()
    observed = sigcheck.observe(folder, is_batched=True)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert shown(observed) == {"values": ("sparse int64[?, 5]", 400 * 2**16)}
    assert held < 2**27


def test_a_part_without_its_folder_is_one_line(tmp_path, monkeypatch):
    (tmp_path / "00000000.snapshot").write_bytes(b"")
    monkeypatch.setattr(Path, "absolute", lambda path: Path("/") / path.name)
    with pytest.raises(SourceError, match=r"beside it dataset_spec\.pb: .*Copy the folder"):
        sigcheck.observe(tmp_path / "00000000.snapshot")


@pytest.mark.parametrize("name", ["dataset_spec.pb", "snapshot.metadata", "00000000.snapshot"])
def test_whatever_is_in_its_files_is_data_or_one_line(tmp_path, name):
    generator = Random(name)
    folder = save(tmp_path / "data", STRUCTURE, ELEMENTS)
    (path,) = folder.rglob(name)
    whole = path.read_bytes()
    for _ in range(150):
        path.write_bytes(mutate(whole, generator))
        assert "\n" not in refusal(folder)


def test_records_of_any_bytes_are_data_or_one_line(tmp_path):
    generator = Random(0)
    for at in range(150):
        record = framed(mutate(ELEMENTS[0][12:-4], generator))
        folder = save(tmp_path / str(at), STRUCTURE, [record, ELEMENTS[1]])
        assert "\n" not in refusal(folder)
        record = framed(mutate(ragged([[1, 300], [2]], [2])[12:-4], generator))
        folder = save(tmp_path / f"ragged{at}", type_spec("RaggedTensorSpec", 1), [record])
        assert "\n" not in refusal(folder, is_batched=True)
        record = framed(mutate(sparse(([1, 300], [0, 2], [4]), ([], [], [4]), sizes=[2, 3])[12:-4], generator))
        folder = save(tmp_path / f"sparse{at}", type_spec("SparseTensorSpec", 1), [record])
        assert "\n" not in refusal(folder, is_batched=True)


def test_it_is_read_as_tensorflow_wrote_it(tmp_path):
    tf = pytest.importorskip("tensorflow")
    values = {"x": np.arange(12, dtype=np.float32).reshape(4, 3), "t": np.array([b"a", b"bb", b"", b"d"])}
    data = tf.data.Dataset.from_tensor_slices(values)
    data.save(str(tmp_path / "data"), compression="GZIP")
    live = sigcheck.observe(data, is_batched=False)
    assert sigcheck.observe(tmp_path / "data").tensors == live.tensors


@pytest.mark.parametrize(
    "dtype", ["int32", "int8", "uint16", "int64", "uint64", "float16", "bfloat16", "float64", "bool"]
)
def test_ragged_batches_are_read_as_tensorflow_wrote_them(tmp_path, dtype):
    tf = pytest.importorskip("tensorflow")
    values = tf.cast(tf.constant([1, 0, 3, 2, 5, 1]), dtype)
    rows = {"x": tf.RaggedTensor.from_row_lengths(values, [2, 0, 3, 1]), "y": np.arange(4)}
    data = tf.data.Dataset.from_tensor_slices(rows).batch(3)
    data.save(str(tmp_path / "data"))
    assert sigcheck.observe(tmp_path / "data", is_batched=True).tensors == sigcheck.observe(data).tensors


@pytest.mark.parametrize("compression", [None, "GZIP"])
@pytest.mark.parametrize("form", ["rows", "batches", "batches_of_one_tensor"])
def test_sparse_tensors_are_read_as_tensorflow_wrote_them(tmp_path, compression, form):
    tf = pytest.importorskip("tensorflow")
    places = [[0, 0], [0, 3], [2, 1], [6, 4]]
    rows = {
        "x": tf.sparse.SparseTensor(places, tf.constant([0.5, 2, -1, 0]), [7, 5]),
        "t": tf.sparse.SparseTensor(places, tf.constant(["a", "bb", "", "c"]), [7, 5]),
        "y": np.arange(7),
    }
    data = tf.data.Dataset.from_tensor_slices(rows)
    if form != "rows":
        data = data.batch(3)
    if form == "batches_of_one_tensor":
        data = data.map(
            lambda row: {
                name: tf.identity(one) if name == "y" else one * 1 if name == "x" else one for name, one in row.items()
            }
        )
    data.save(str(tmp_path / "data"), compression=compression)
    live = sigcheck.observe(data, is_batched=form != "rows")
    found = sigcheck.observe(tmp_path / "data", is_batched=form != "rows")
    assert found.tensors == live.tensors
    assert shown(found) == {"t": ("sparse string[?, 5]", 7), "x": ("sparse float32[?, 5]", 7), "y": ("int64[?]", 7)}
    assert found.tensors[1].entries == ((0, 4), (1, 2), (2, 1))
