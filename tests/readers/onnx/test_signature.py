"""ONNX models read, against what the `onnx` package, which owns the format, says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import pytest
from onnx import TensorProto, helper

from sigcheck.readers import read
from sigcheck.readers.onnx.tensor import DTYPES
from sigcheck.schema.errors import SourceError
from tests.readers.onnx import hostile
from tests.readers.written_models import length_field

FLOAT = TensorProto.FLOAT


def saved(folder: Path, inputs: list[Any], outputs: list[Any], **more: Any) -> str:
    properties = more.pop("properties", {})
    graph = helper.make_graph(more.pop("nodes", []), "graph", inputs, outputs, **more)
    model = helper.make_model(graph)
    helper.set_model_props(model, properties)
    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return str(path)


def value(name: str, shape: list[Any] | None, dtype: int = FLOAT, **more: Any) -> Any:
    return helper.make_tensor_value_info(name, dtype, shape, **more)


def told(info: Any) -> tuple[str, str | None, tuple[int | None, ...] | None]:
    """What the package says of a value: name, dtype and shape, as they are said here."""
    kind = info.type.WhichOneof("value")
    if kind not in {"tensor_type", "sparse_tensor_type"}:
        return info.name, None, None
    tensor = getattr(info.type, kind)
    dtype = DTYPES.get(tensor.elem_type)
    if not tensor.HasField("shape"):
        return info.name, dtype, None
    sizes = (one.dim_value if one.HasField("dim_value") and one.dim_value >= 0 else None for one in tensor.shape.dim)
    return info.name, dtype, tuple(sizes)


def test_models_that_exporters_wrote() -> None:
    """The models that the package ships, exported by PyTorch and by hand, from 2017 on."""
    paths = sorted((Path(onnx.__file__).parent / "backend" / "test" / "data").rglob("model.onnx"))
    assert len(paths) > 100
    for path in paths:
        owner = onnx.load(path, load_external_data=False).graph
        within = {one.name for one in owner.initializer}
        (signature,) = read(path).signatures
        for ends, infos in ((signature.inputs, owner.input), (signature.outputs, owner.output)):
            expected = [told(one) for one in infos if one.name not in within]
            assert [(one.name, one.spec.dtype, one.spec.shape) for one in ends] == expected, path


def test_each_element_type_has_the_name_that_numpy_gives_it() -> None:
    names = {number: name.lower() for name, number in TensorProto.DataType.items()}
    without = {"undefined", "float8e8m0", "float6e2m3", "float6e3m2"}
    assert {name for number, name in names.items() if number not in DTYPES} <= without
    for number, dtype in DTYPES.items():
        if number in names and dtype != "string":
            assert str(helper.tensor_dtype_to_np_dtype(number)) == dtype


def test_names_of_sizes_are_kept_where_they_say_something(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        [value("x", ["batch", "t", 3]), value("y", ["batch", "2*t", "unk__1 (open)", None])],
        [value("z", ["batch", "t + 1", "elsewhere", 3]), value("w", ["new", 3])],
    )
    (signature,) = read(path).signatures
    assert [one.sizes for one in signature.inputs] == [("batch", "t", 3), ("batch", None, None, None)]
    assert [one.sizes for one in signature.outputs] == [("batch", "t + 1", None, 3), None]
    assert [str(one.spec) for one in signature.outputs] == ["float32[?, ?, ?, 3]", "float32[?, 3]"]


def test_what_the_graph_has_values_for_is_no_input(tmp_path: Path) -> None:
    weights = helper.make_tensor("w", FLOAT, [2], [1.0, 2.0])
    sparse = helper.make_sparse_tensor(
        helper.make_tensor("s", FLOAT, [1], [1.0]), helper.make_tensor("s_at", TensorProto.INT64, [1], [0]), [2]
    )
    ends = [value(name, [2]) for name in ("x", "w", "s")]
    path = saved(tmp_path, ends, [value("y", [2])], initializer=[weights], sparse_initializer=[sparse])
    assert [one.name for one in read(path).signatures[0].inputs] == ["x"]


def test_weights_of_files_of_their_own_are_not_looked_for(tmp_path: Path) -> None:
    weights = helper.make_tensor("w", FLOAT, [2], [1.0, 2.0])
    weights.ClearField("float_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="../../etc/passwd")
    path = saved(tmp_path, [value("x", [2])], [value("y", [2])], initializer=[weights])
    assert read(path).notes == ()


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (helper.make_sequence_type_proto(helper.make_tensor_type_proto(FLOAT, None)), "a sequence"),
        (
            helper.make_map_type_proto(TensorProto.INT64, helper.make_tensor_type_proto(FLOAT, None)),
            "a map",
        ),
        (helper.make_optional_type_proto(helper.make_tensor_type_proto(FLOAT, [1])), "a value that may be none"),
        (onnx.TypeProto(), "the file does not say its type"),
    ],
)
def test_what_is_no_tensor_is_named(tmp_path: Path, written: Any, what: str) -> None:
    path = saved(tmp_path, [helper.make_value_info("x", written)], [value("y", [1])])
    model = read(path)
    assert str(model.signatures[0].inputs[0]) == "x: unknown[*]"
    assert [note.place for note in model.notes] == ["x"]
    assert what in model.notes[0].message


def test_a_sparse_tensor_and_an_open_rank(tmp_path: Path) -> None:
    sparse = helper.make_value_info("x", helper.make_sparse_tensor_type_proto(FLOAT, [None, 3]))
    path = saved(tmp_path, [sparse, value("r", None)], [value("y", [])])
    assert [str(one) for one in read(path).signatures[0].inputs] == ["x: sparse float32[?, 3]", "r: float32[*]"]


def test_denotations_are_facts(tmp_path: Path) -> None:
    denoted = ["DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", "DATA_FEATURE"]
    image = value("x", [1, 3, 8, 8], shape_denotation=denoted)
    image.type.denotation = "IMAGE"
    properties = {"Image.NominalPixelRange": "Normalized_1_1", "Image.BitmapPixelFormat": "Bgr8"}
    (one,) = read(saved(tmp_path, [image], [value("y", [1])], properties=properties)).signatures[0].inputs
    facts = one.spec.facts
    assert facts.axes == ("batch", "channel", None, None)
    assert (facts.meaning, facts.range, facts.channel_order) == ("pixels", (-1.0, 1.0), "BGR")
    assert set(facts.origins.values()) == {"read"}


def test_an_element_type_that_tensorflow_lacks_is_unknown(tmp_path: Path) -> None:
    model = read(saved(tmp_path, [value("x", [1], dtype=TensorProto.FLOAT8E8M0)], [value("y", [1])]))
    assert str(model.signatures[0].inputs[0].spec) == "unknown[1]"
    assert model.notes[0].message == "element type 24 is none that TensorFlow has"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (b"\x08\x07", "no graph"),
        (b"\x08\x07:\x00:\x00", "2 graphs"),
        (b"\x08\x07:\x7f", "cut short"),
        (b"", "an empty file"),
        (b"onnx", "broken"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, written: bytes, problem: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(written)
    with pytest.raises(SourceError, match=problem) as raised:
        read(path)
    assert "\n" not in str(raised.value)
    assert "an ONNX model (.onnx)" in str(raised.value) or not written


def test_a_size_beside_a_name_is_open(tmp_path: Path) -> None:
    """A message has one of both; bytes may have both."""
    path = tmp_path / "model.onnx"
    path.write_bytes(hostile.model(length_field(11, hostile.value("x", hostile.number(1, 77) + length_field(2, b"n")))))
    (end,) = read(path).signatures[0].inputs
    assert (end.spec.shape, end.sizes) == ((None,), ("n",))
