"""SavedModels written by hand: every case of the format, and every way in which a file can be broken."""

from __future__ import annotations

import random
import shutil
import time
import tracemalloc
from pathlib import Path

import pytest

from sigcheck.readers import read
from sigcheck.schema.errors import SourceError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature
from tests.benchmarks.large_saved_model import write_padded
from tests.readers.written_models import (
    RAGGED,
    SIMPLE,
    SPARSE,
    encode,
    length_field,
    meta_graph,
    saved_model,
    shape,
    tensor,
    varint,
    write_model,
)


def specs(endpoints: tuple[Endpoint, ...]) -> dict[str, str]:
    return {one.name: str(one.spec) for one in endpoints}


def read_one(folder: Path) -> Signature:
    (signature,) = read(folder).signatures
    return signature


def test_a_simple_signature(tmp_path: Path) -> None:
    model = read(write_model(tmp_path, SIMPLE))
    assert model.reader == "saved_model"
    assert model.source == str(tmp_path)
    (signature,) = model.signatures
    assert signature.key == "serving_default"
    assert signature.tags == ()
    assert specs(signature.inputs) == {"x": "float32[?, 10]"}
    assert specs(signature.outputs) == {"y": "int32[?]"}


def test_absent_empty_and_unknown_shapes_differ(tmp_path: Path) -> None:
    inputs = {
        "absent": {"dtype": 1},
        "scalar": {"dtype": 1, "tensor_shape": {}},
        "unknown": {"dtype": 1, "tensor_shape": {"unknown_rank": True}},
        "empty_axis": tensor(1, 0, 3),
    }
    signature = read_one(write_model(tmp_path, saved_model(f={"inputs": inputs})))
    assert specs(signature.inputs) == {
        "absent": "float32[*]",
        "scalar": "float32[]",
        "unknown": "float32[*]",
        "empty_axis": "float32[0, 3]",
    }


def test_ragged_and_sparse_outputs(tmp_path: Path) -> None:
    outputs = {
        "ragged": {"composite_tensor": {"type_spec": RAGGED, "components": [tensor(1, -1, 4), tensor(9, -1)]}},
        "sparse": {"dtype": 1, "tensor_shape": shape(-1, 7), "coo_sparse": {"values_tensor_name": "v:0"}},
        "composite_sparse": {"composite_tensor": {"type_spec": SPARSE}},
    }
    signature = read_one(write_model(tmp_path, saved_model(f={"outputs": outputs})))
    assert specs(signature.outputs) == {
        "ragged": "ragged float32[?, None, 4]",
        "sparse": "sparse float32[?, 7]",
        "composite_sparse": "sparse float32[?, 5]",
    }
    assert next(one for one in signature.outputs if one.name == "ragged").spec.row_splits_dtype == "int64"


def test_a_type_that_no_spec_can_hold_is_unknown_and_noted(tmp_path: Path) -> None:
    slices = {"type_spec_class": 2, "type_spec_class_name": "IndexedSlicesSpec"}
    outputs = {"o": {"composite_tensor": {"type_spec": slices}}, "new": tensor(77, 2), "none": {}}
    model = read(write_model(tmp_path, saved_model(f={"outputs": outputs})))
    assert {one.spec.dtype for one in model.signatures[0].outputs} == {None}
    assert {note.place: note.message for note in model.notes} == {
        "f.o": "IndexedSlicesSpec: neither a dense nor a ragged nor a sparse tensor.",
        "f.new": "dtype number 77: unknown here.",
        "f.none": "the file tells no dtype.",
    }


@pytest.mark.parametrize(("number", "name"), [(101, "float32"), (7, "string"), (20, "resource"), (21, "variant")])
def test_dtypes(tmp_path: Path, number: int, name: str) -> None:
    signature = read_one(write_model(tmp_path, saved_model(f={"inputs": {"x": tensor(number)}})))
    assert signature.inputs[0].spec.dtype == name


def test_an_input_with_a_default_is_optional(tmp_path: Path) -> None:
    written = saved_model(f={"inputs": {"x": tensor(1, 2), "y": tensor(1, 2)}, "defaults": {"y": {}}})
    signature = read_one(write_model(tmp_path, written))
    assert [(one.name, one.optional) for one in signature.inputs] == [("x", False), ("y", True)]


def test_tensorflows_own_endpoints_are_dropped_and_twins_kept(tmp_path: Path) -> None:
    own = {"outputs": {"__saved_model_init_op": {"dtype": 0, "tensor_shape": {"unknown_rank": True}}}}
    same = {"inputs": {"x": tensor(1, 2)}}
    written = saved_model(serve=same, __saved_model_init_op=own, a=same, serving_default=same)
    assert [one.key for one in read(write_model(tmp_path, written)).signatures] == ["serving_default", "a", "serve"]


def test_every_meta_graph_has_its_tags(tmp_path: Path) -> None:
    signature = {"inputs": {"x": tensor(1, 2)}}
    graphs = [
        meta_graph(["serve"], serving_default=signature),
        meta_graph(["serve", "gpu"], serving_default=signature, other=signature),
        meta_graph(["train"]),
    ]
    model = read(write_model(tmp_path, {"meta_graphs": graphs}))
    assert [(one.key, one.tags) for one in model.signatures] == [
        ("serving_default", ("serve",)),
        ("serving_default", ("gpu", "serve")),
        ("other", ("gpu", "serve")),
    ]
    assert [note.place for note in model.notes] == ["meta graph train"]


def test_names_are_sorted_with_their_numbers(tmp_path: Path) -> None:
    names = [f"output_{index}" for index in range(12)]
    outputs = {name: tensor(1, index) for index, name in enumerate(sorted(names))}
    signature = read_one(write_model(tmp_path, saved_model(f={"outputs": outputs})))
    assert [one.name for one in signature.outputs] == names


def test_a_file_alone_and_a_file_of_another_name(tmp_path: Path) -> None:
    folder = write_model(tmp_path, SIMPLE)
    other = tmp_path / "renamed.pb"
    shutil.copy(folder / "saved_model.pb", other)
    assert read(folder / "saved_model.pb").signatures == read(other).signatures == read(folder).signatures


@pytest.mark.parametrize("inputs", [1, 2])
def test_a_core_ml_model_is_none(tmp_path: Path, inputs: int) -> None:
    # Model.specificationVersion, then Model.description of inputs (1) and outputs (10), each with its name (1).
    feature = length_field(1, b"input_2") + length_field(3, b"")
    description = length_field(1, feature) * inputs + length_field(10, feature)
    file = tmp_path / "model.mlmodel"
    file.write_bytes(varint(1 << 3) + varint(6) + length_field(2, description))
    with pytest.raises(SourceError, match="not a model, expected a SavedModel folder"):
        read(file)


def test_fields_that_are_not_known_are_stepped_over(tmp_path: Path) -> None:
    group = varint(900 << 3 | 3) + varint(1 << 3 | 5) + b"1234" + varint(2 << 3 | 3) + varint(2 << 3 | 4)
    unknown = group + varint(900 << 3 | 4) + varint(901 << 3 | 1) + b"12345678" + varint(902 << 3) + b"\xff\x01"
    data = encode("SavedModel", SIMPLE) + unknown + length_field(903, b"anything")
    assert read(write_model(tmp_path, data)).signatures == read(write_model(tmp_path / "b", SIMPLE)).signatures


def test_a_message_in_two_pieces_is_merged(tmp_path: Path) -> None:
    graph = SIMPLE["meta_graphs"][0]
    pieces = encode("TensorInfo", {"dtype": 1, "tensor_shape": shape(2)}) + encode(
        "TensorInfo", {"dtype": 3, "tensor_shape": shape(5)}
    )
    entry = length_field(1, b"x") + length_field(2, pieces)
    data = encode("MetaGraphDef", {"meta_info_def": graph["meta_info_def"]}) + length_field(
        5, length_field(1, b"f") + length_field(2, length_field(1, entry))
    )
    assert specs(read_one(write_model(tmp_path, length_field(2, data))).inputs) == {"x": "int32[2, 5]"}


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (saved_model(f={"inputs": {"x": tensor(1, *[1] * 10_000)}}), "more than 254 entries in dim"),
        (saved_model(f={"inputs": {"x": tensor(1, -2)}}), "an axis of size -2"),
        (saved_model(f={"outputs": {str(index): {} for index in range(10_001)}}), "more than 10000 entries in outputs"),
        (saved_model(**{str(index): {} for index in range(1_001)}), "more than 1000 signatures"),
        (b"", "an empty file"),
        (encode("SavedModel", SIMPLE)[:-3], "cut short"),
        (b"\x08\x01", "without a meta graph"),
        (b"not a model at all", "broken"),
        (saved_model(f={"inputs": {"x": {"composite_tensor": {"type_spec": {"type_spec_class": 3}}}}}), "0 parts"),
        (length_field(2, length_field(5, length_field(1, b"\xff\xfe"))), "not UTF-8"),
    ],
)
def test_what_is_broken_is_told(tmp_path: Path, problem: bytes, expected: str) -> None:
    folder = write_model(tmp_path, problem)
    with pytest.raises(SourceError, match=expected) as caught:
        read(folder)
    assert str(caught.value).startswith(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_chunked_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "saved_model.cpb").write_bytes(b"riegeli")
    with pytest.raises(SourceError, match="chunked"):
        read(tmp_path)


def test_messages_nested_without_end_are_refused(tmp_path: Path) -> None:
    value = b""
    for _ in range(20_000):
        value = length_field(51, length_field(1, value))
    kinds = length_field(2, value)
    info = length_field(5, length_field(1, kinds))
    entry = length_field(1, b"x") + length_field(2, info)
    signature = length_field(1, b"f") + length_field(2, length_field(1, entry))
    with pytest.raises(SourceError, match="nested more than 100 deep"):
        read(write_model(tmp_path, length_field(2, length_field(1, b"") + length_field(5, signature))))


def test_no_mutation_does_more_than_the_one_error(tmp_path: Path) -> None:
    ragged = {"composite_tensor": {"type_spec": RAGGED}}
    data = encode(
        "SavedModel", saved_model(f={"inputs": {"x": tensor(1, -1, 3), "y": tensor(2)}, "outputs": {"r": ragged}})
    )
    file = write_model(tmp_path, data) / "saved_model.pb"
    generator = random.Random(7)
    refused = 0
    for _ in range(400):
        mutated = bytearray(data)
        for _ in range(generator.randint(1, 4)):
            mutated[generator.randrange(len(mutated))] = generator.randrange(256)
        file.write_bytes(bytes(mutated[: generator.randint(1, len(mutated))] if generator.random() < 0.3 else mutated))
        try:
            read(tmp_path)
        except SourceError:
            refused += 1
    assert 50 < refused < 400


def test_messages_print_as_specs(tmp_path: Path) -> None:
    signature = read_one(write_model(tmp_path, SIMPLE))
    assert signature.inputs[0].spec == parse_spec("float32[?, 10]")


def test_a_gigabyte_of_graph_is_stepped_over(tmp_path: Path) -> None:
    small = write_model(tmp_path / "small", SIMPLE)
    large = tmp_path / "large"
    large.mkdir()
    write_padded(small / "saved_model.pb", large / "saved_model.pb")
    assert (large / "saved_model.pb").stat().st_size > 10**9
    tracemalloc.start()
    try:
        assert read(large).signatures == read(small).signatures
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_hostile_file_of_many_small_messages_ends_soon(tmp_path: Path) -> None:
    graph = length_field(1, b"") + length_field(7, b"\x0a\x02\x0a\x00" * 2**18)
    folder = write_model(tmp_path, length_field(2, graph))
    begin = time.process_time()
    with pytest.raises(SourceError, match="more than 200000 entries in nodes"):
        read(folder)
    assert time.process_time() - begin < 10
