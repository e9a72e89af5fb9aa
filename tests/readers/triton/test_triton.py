"""Configurations of Triton, as the classes of `tritonclient`, which carries the owner's messages, write them."""

from __future__ import annotations

from random import Random

import pytest
from google.protobuf import json_format, text_format
from tritonclient.grpc import model_config_pb2

from sigcheck.encodings.message import Messages
from sigcheck.readers import read
from sigcheck.readers.triton.messages import DTYPES, TRITON, TYPE_NAMES
from sigcheck.schema.errors import SourceError

TYPES = [number for _, number in model_config_pb2.DataType.items() if number]


def random_config(random: Random) -> model_config_pb2.ModelConfig:
    """A configuration with most that one may have, what no client sees included."""
    config = model_config_pb2.ModelConfig(name="m", platform="tensorflow_savedmodel")
    config.max_batch_size = random.choice((0, 1, 8))
    config.instance_group.add(count=2, kind=model_config_pb2.ModelInstanceGroup.KIND_CPU)
    config.dynamic_batching.preferred_batch_size.extend([4, 8])
    config.parameters["execution_mode"].string_value = 'a "quoted" { text'
    for at in range(random.randint(1, 4)):
        one = config.input.add(name=f"in_{at}", data_type=random.choice(TYPES))
        one.dims.extend(random.choice((-1, 1, 3, 224)) for _ in range(random.randint(1, 3)))
        one.optional = random.random() < 0.3
        one.is_shape_tensor = random.random() < 0.1
        if random.random() < 0.3:
            one.reshape.shape.extend([*one.dims, 1])
    for at in range(random.randint(1, 3)):
        one = config.output.add(name=f"out_{at}", data_type=random.choice(TYPES), label_filename="labels.txt")
        one.dims.extend(random.choice((-1, 1, 3)) for _ in range(random.randint(1, 3)))
    return config


def told(config: model_config_pb2.ModelConfig, one) -> tuple[str, str, tuple[int | None, ...]]:
    has_batch = config.max_batch_size > 0 and not one.is_shape_tensor
    dims = tuple(None if size < 0 else size for size in one.dims)
    return one.name, DTYPES[one.data_type], (None, *dims) if has_batch else dims


@pytest.mark.parametrize("seed", range(30))
def test_what_its_owner_writes(tmp_path, seed):
    config = random_config(Random(seed))
    texts = {
        "config.pbtxt": text_format.MessageToString(config),
        "short.pbtxt": text_format.MessageToString(config, use_short_repeated_primitives=True),
        "answer.json": json_format.MessageToJson(config, preserving_proto_field_name=True),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        model = read(tmp_path / name)
        assert model.reader == "triton"
        (signature,) = model.signatures
        for ends, infos in ((signature.inputs, config.input), (signature.outputs, config.output)):
            assert [(one.name, one.spec.dtype, one.spec.shape) for one in ends] == [told(config, one) for one in infos]
        assert [one.optional for one in signature.inputs] == [one.optional for one in config.input]


def test_numbers_of_fields_and_types_are_the_owners():
    assert DTYPES.keys() == set(TYPES)
    for dtype, name in TYPE_NAMES.items():
        assert DTYPES[model_config_pb2.DataType.Value(name)] == dtype
    owners = {
        "ModelConfig": model_config_pb2.ModelConfig,
        "ModelVersionPolicy": model_config_pb2.ModelVersionPolicy,
        "ModelInput": model_config_pb2.ModelInput,
        "ModelOutput": model_config_pb2.ModelOutput,
        "ModelSequenceBatching": model_config_pb2.ModelSequenceBatching,
        "State": model_config_pb2.ModelSequenceBatching.State,
        "ControlInput": model_config_pb2.ModelSequenceBatching.ControlInput,
        "Step": model_config_pb2.ModelEnsembling.Step,
        "BatchInput": model_config_pb2.BatchInput,
        "BatchOutput": model_config_pb2.BatchOutput,
    }
    assert isinstance(TRITON, Messages)
    for kind, owner in owners.items():
        known = {field.name: field.number for field in owner.DESCRIPTOR.fields}
        assert {field.name: number for number, field in TRITON.tables[kind].items()}.items() <= known.items(), kind


CONFIG = """
name: "m"
platform: "tensorflow_savedmodel"
max_batch_size: 8
input [ { name: "x" data_type: TYPE_FP32 format: FORMAT_NHWC dims: [ 224, 224, 3 ] allow_ragged_batch: true } ]
output { name: "y" data_type: TYPE_STRING dims: [ -1 ] }
"""


def test_the_batch_is_an_axis_that_is_bounded(tmp_path):
    (tmp_path / "config.pbtxt").write_text(CONFIG)
    model = read(tmp_path)
    (signature,) = model.signatures
    (x,), (y,) = signature.inputs, signature.outputs
    assert (x.sized_spec, y.sized_spec) == ("float32[batch, 224, 224, 3]", "string[batch, ?]")
    assert x.spec.facts.axes == ("batch", "height", "width", "channel")
    assert [one.holds for one in signature.constraints] == ["batch <= 8"]
    assert [note.message for note in model.notes if note.place == "x"] == [
        "requests of other sizes are put together, each row as it is"
    ]


def test_states_of_sequences_are_told(tmp_path):
    state = (
        'sequence_batching { state { input_name: "h_in" output_name: "h" data_type: TYPE_FP32 dims: [ 4 ] } '
        'control_input { name: "START" control { kind: CONTROL_SEQUENCE_START } } }'
    )
    (tmp_path / "config.pbtxt").write_text(CONFIG + state)
    assert [note.message for note in read(tmp_path).notes if note.place == "sequence_batching"] == [
        "requests of one sequence go to one model, and the server feeds h back into h_in"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "an empty file"),
        ('name: "m"', "without input and output"),
        ("input { name: 3 }", "line 1: '3' instead of a text in quotes"),
        ('input { name: "x" dims: [ 1.5 ] }', "line 1: '1.5' instead of a whole number"),
        ('input { name: "x" data_type: TYPE_FP32', "the text ends inside|instead of a field"),
        ("input { data_type: TYPE_FP32 }", "broken"),
        ('input { name: "x" } input { name: "x" }', "'x' twice"),
        (f'input {{ name: "x" dims: [ {", ".join(["1"] * 300)} ] }}', "more than 254 entries in dims"),
        # What the server refuses (core, ValidateIOShape).
        ('input { name: "x" dims: [ 3, 0 ] }', "x: size 0, expected at least 1, or -1"),
        ('input { name: "x" dims: [ -2 ] }', "x: size -2, expected"),
        ('input { name: "x" dims: [ 4, 6 ] reshape { shape: [ 23 ] } }', r"dims \[4, 6\] and reshape \[23\]"),
        ('input { name: "x" dims: [ 2, -1, 6 ] reshape { shape: [ -1, 12 ] } }', "do not hold as many values"),
        ('input { name: "x" dims: [ -1, -1 ] reshape { shape: [ -1 ] } }', "do not hold as many values"),
        ('input { name: "x" dims: [ 1 ] reshape { } }', "a reshape to no axis"),
        ('input { name: "x" format: FORMAT_NCHW dims: [ 4, 4 ] }', "2 dims of a format that has 3"),
        ('max_batch_size: -1 input { name: "x" dims: [ 1 ] }', "max_batch_size -1"),
        ('input { name: "x" dims: [ 1 ] } ensemble_scheduling { }', "without steps"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, text, problem):
    (tmp_path / "config.pbtxt").write_text(text)
    with pytest.raises(SourceError, match=problem) as raised:
        read(tmp_path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("dims", "reshape"), [("1", ""), ("1, 1", ""), ("2, 4, -1, 6", "8, -1, 1, 6"), ("4, 6", "24"), ("-1", "-1, 1")]
)
def test_a_reshape_that_holds_as_many_values(tmp_path, dims, reshape):
    text = f'input {{ name: "x" data_type: TYPE_FP32 dims: [ {dims} ] reshape {{ shape: [ {reshape} ] }} }}'
    (tmp_path / "config.pbtxt").write_text(f"max_batch_size: 2 {text}")
    (end,) = read(tmp_path).signatures[0].inputs
    assert str(end.spec) == f"float32[?, {dims.replace('-1', '?')}]"


def test_dims_that_are_left_to_the_server_are_unknown(tmp_path):
    (tmp_path / "config.pbtxt").write_text('max_batch_size: 2 input { name: "x" data_type: TYPE_FP32 }')
    assert str(read(tmp_path).signatures[0].inputs[0].spec) == "float32[*]"


def test_a_type_that_triton_lacks_is_unknown(tmp_path):
    (tmp_path / "config.pbtxt").write_text('input { name: "x" data_type: TYPE_FP8 dims: [ 1 ] }')
    model = read(tmp_path)
    assert str(model.signatures[0].inputs[0]) == "x: unknown[1]"
    assert model.notes[0].message == "its type is none that Triton has: unknown"
