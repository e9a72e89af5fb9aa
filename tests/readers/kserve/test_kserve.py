"""Metadata of the Open Inference Protocol, as the classes of `tritonclient` write it."""

from __future__ import annotations

import json
from random import Random

import numpy as np
import pytest
from google.protobuf import json_format
from tritonclient.grpc import service_pb2
from tritonclient.utils import np_to_triton_dtype, triton_to_np_dtype

from sigcheck.readers import read
from sigcheck.readers.kserve.datatype import DATATYPES
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import SourceError


def written(folder, inputs, outputs=(), **options):
    message = service_pb2.ModelMetadataResponse(name="m", versions=["1"], platform="tensorflow_savedmodel")
    for side, tensors in ((message.inputs, inputs), (message.outputs, outputs)):
        for name, datatype, shape in tensors:
            side.add(name=name, datatype=datatype, shape=shape)
    path = folder / "metadata.json"
    path.write_text(json_format.MessageToJson(message, **options))
    return path


@pytest.mark.parametrize("keeps_names", [True, False])
def test_tensors_are_read_as_their_owner_writes_them(tmp_path, keeps_names):
    inputs = [("image", "FP32", [-1, 224, 224, 3]), ("label", "BYTES", [-1]), ("scalar", "INT64", [])]
    path = written(tmp_path, inputs, [("y", "BOOL", [1])], preserving_proto_field_name=keeps_names)
    model = read(path)
    assert (model.reader, model.notes) == ("kserve", ())
    (signature,) = model.signatures
    # A shape without axes is not written: the protocol tells it from none at all as little as its owner does.
    assert [str(one) for one in signature.inputs] == [
        "image: float32[?, 224, 224, 3]",
        "label: string[?]",
        "scalar: int64[*]",
    ]
    assert [str(one) for one in signature.outputs] == ["y: bool[1]"]


@pytest.mark.parametrize("seed", range(12))
def test_what_its_owner_writes(tmp_path, seed):
    random = Random(seed)

    def side(prefix):
        datatypes = [name for name in DATATYPES if name != "BF16"]
        for at in range(random.randint(1, 4)):
            shape = [random.choice((-1, 1, 3, 224)) for _ in range(random.randint(1, 4))]
            yield f"{prefix}_{at}", random.choice(datatypes), shape

    told = [[*side("in")], [*side("out")]]
    (signature,) = read(written(tmp_path, *told)).signatures
    for ends, tensors in zip((signature.inputs, signature.outputs), told, strict=True):
        expected = [
            (name, str(np.dtype(triton_to_np_dtype(kind))), tuple(None if size < 0 else size for size in shape))
            for name, kind, shape in tensors
        ]
        assert [(one.name, one.spec.dtype, one.spec.shape) for one in ends] == [
            (name, "string" if dtype == "object" else dtype, shape) for name, dtype, shape in expected
        ]


def test_the_answer_of_a_server_over_http(tmp_path):
    path = tmp_path / "m"
    tensor = {"name": "x", "datatype": "FP16", "shape": ["-1", "0"]}
    path.write_text(json.dumps({"name": "m", "versions": ["3"], "inputs": [tensor], "outputs": []}))
    assert [str(one) for one in read(path).signatures[0].inputs] == ["x: float16[?, 0]"]


def test_types_are_those_of_the_owner():
    for datatype, dtype in DATATYPES.items():
        if datatype in {"BYTES", "BF16"}:
            assert DTYPES[dtype].kind == {"BYTES": "string", "BF16": "float"}[datatype]
        else:
            assert np.dtype(triton_to_np_dtype(datatype)).name == dtype
            assert np_to_triton_dtype(triton_to_np_dtype(datatype)) == datatype


def test_a_type_that_is_none_is_unknown(tmp_path):
    model = read(written(tmp_path, [("x", "FP8", [1])]))
    assert str(model.signatures[0].inputs[0]) == "x: unknown[1]"
    assert model.notes[0].message == "datatype 'FP8' is none of the Open Inference Protocol"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1.5]}]}', "shape: 1.5 instead of a whole number"),
        ('{"inputs": {"x": {"datatype": "FP32"}}}', "inputs: .* instead of a list"),
        ('{"inputs": [3], "note": "\\"datatype\\""}', None),
        ('{"outputs": [], "\\"datatype\\"": 1}', None),
        ('{"inputs": [{"datatype": "FP32"}]}', "broken"),
        ('{"name": "m", "inputs": [], "parameters": {"datatype": 1}}', "neither inputs nor outputs"),
        ('{"datatype": 1, "inputs": [', "broken"),
        ('{"inputs": [{"name": "x", "datatype": "FP32", "shape": [true]}]}', "shape: True instead of a whole number"),
        ('{"inputs": [{"name": 3, "datatype": "FP32"}]}', "name: 3 instead of a text"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, text, problem):
    path = tmp_path / "metadata.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=problem) as raised:
        read(path)
    assert "\n" not in str(raised.value)


def test_a_number_of_thousands_of_digits_is_one_line(tmp_path):
    path = tmp_path / "m.json"
    ends = '[{"name": "a", "datatype": "FP32", "shape": [%s]}]' % ("9" * 5000)
    path.write_text(f'{{"name": "m", "inputs": {ends}, "outputs": []}}')
    with pytest.raises(SourceError, match="a number of thousands of digits, expected a shorter one"):
        read(path)
