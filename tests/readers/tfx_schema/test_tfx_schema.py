"""Schemas of TFX, as the classes of `tensorflow_metadata`, which owns the format, write them."""

from __future__ import annotations

import pytest
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from sigcheck.api import check
from sigcheck.readers import read
from sigcheck.readers.tfx_schema import messages
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from tests.readers.tfx_schema.hostile import WHOLE, binary

ALWAYS = "presence { min_fraction: 1 }"


@pytest.fixture(params=["text", "binary"])
def written(request, tmp_path):
    """Writes a schema, which its owner parses first, in one of both forms."""

    def write(text):
        message = text_format.Parse(text, schema_pb2.Schema())
        path = tmp_path / ("schema.pbtxt" if request.param == "text" else "data.pb")
        if request.param == "text":
            path.write_text(text_format.MessageToString(message))
        else:
            path.write_bytes(message.SerializeToString(deterministic=True))
        return path

    return write


def feature(name="x", kind="INT", rest=""):
    return f'feature {{ name: "{name}" type: {kind} {rest} }}\n'


def ends(path, key="default"):
    (signature,) = (one for one in read(path).signatures if one.key == key)
    assert signature.inputs == signature.outputs
    return signature.outputs


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (feature("x", "INT", f"shape {{ dim {{ size: 3 }} }} {ALWAYS}"), ["x: int64[?, 3]"]),
        (feature("x", "FLOAT", f"shape {{ }} {ALWAYS}"), ["x: float32[?]"]),
        (feature("x", "BYTES", "value_count { min: 1 max: 1 }"), ["x: sparse string[?, ?]"]),
        (feature("x", "BYTES") + "represent_variable_length_as_ragged: true", ["x: ragged string[?, None]"]),
        (feature("x") + feature("y", rest="deprecated: true"), ["x: sparse int64[?, ?]"]),
        (feature("x") + feature("y", rest="lifecycle_stage: DEBUG_ONLY"), ["x: sparse int64[?, ?]"]),
        (
            feature("i", rest="int_domain { min: 0 max: 8 }")
            + feature("v", "FLOAT")
            + 'sparse_feature { name: "s" index_feature { name: "i" } value_feature { name: "v" } }',
            ["s: sparse float32[?, 9]"],
        ),
        (
            feature("i")
            + feature("j")
            + feature("v", "FLOAT")
            + 'sparse_feature { name: "s" dense_shape { dim { size: 4 } }'
            + ' index_feature { name: "i" } index_feature { name: "j" } value_feature { name: "v" } }',
            # TFX does not ask the feature for its dense_shape.
            ["s: sparse float32[?, ?, ?]"],
        ),
        (
            feature("i", rest="int_domain { min: 0 max: 8 }")
            + feature("steps", "STRUCT", f"struct_domain {{ {feature('x')} {feature('y', 'BYTES', 'shape { }')} }}"),
            ["i: sparse int64[?, ?]", "steps.x: ragged int64[?, None, None]", "steps.y: ragged string[?, None, None]"],
        ),
    ],
)
def test_a_feature_is_the_tensor_that_tfx_makes_of_it(written, text, told):
    path = written(text)
    assert read(path).notes == ()
    assert [str(one) for one in ends(path)] == told


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ('dense_tensor { column_name: "x" shape { dim { size: 2 } } default_value { int_value: 0 } }', "int64[?, 2]"),
        ('varlen_sparse_tensor { column_name: "x" }', "sparse int64[?, ?]"),
        (
            'sparse_tensor { dense_shape { dim { size: 7 } } index_column_names: "y" value_column_name: "x" }',
            "sparse int64[?, 7]",
        ),
        ('ragged_tensor { feature_path { step: "x" } row_partition_dtype: INT32 }', "ragged int64[?, None]"),
        ('ragged_tensor { feature_path { step: "w" step: "a" } }', "ragged float32[?, None, None]"),
        (
            'ragged_tensor { feature_path { step: "x" } partition [{ row_length: "y" }, { uniform_row_length: 2 }] }',
            "ragged int64[?, None, None, 2]",
        ),
    ],
)
def test_a_representation_says_the_tensor(written, kind, told):
    group = (
        f'tensor_representation_group {{ key: "" value {{ tensor_representation {{ key: "t" value {{ {kind} }} }} }} }}'
    )
    steps = feature("w", "STRUCT", f"struct_domain {{ {feature('a', 'FLOAT')} }}")
    path = written(feature("x") + feature("y") + feature("z") + steps + group)
    assert read(path).notes == ()
    named = {one.name: str(one.spec) for one in ends(path)}
    assert (named["t"], named["z"]) == (told, "sparse int64[?, ?]")
    # What a tensor is made of is none itself.
    assert [name in named for name in ("x", "y", "w.a")] == [f'"{name}"' not in kind for name in ("x", "y", "a")]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (feature("x", "INT", "int_domain { min: -1 max: 120 }"), {"range": (-1, 120)}),
        (feature("x", "FLOAT", "float_domain { min: -1.5 max: 1e6 }"), {"range": (-1.5, 1e6)}),
        (feature("x", "FLOAT", "float_domain { min: 0 max: inf }"), {}),
        (feature("x", "INT", "int_domain { min: 1 }"), {}),
        (feature("x", "INT", "int_domain { min: 4 max: 4 }"), {}),
        (
            feature("x", "INT", "int_domain { min: 0 max: 9 is_categorical: true }"),
            {"range": (0, 9), "meaning": "class_ids", "id_count": 10},
        ),
        (
            feature("x", "INT", "int_domain { min: -1 max: 9 is_categorical: true }"),
            {"range": (-1, 9), "meaning": "class_ids"},
        ),
        (feature("x", "INT", "bool_domain { }"), {"range": (0, 1)}),
        (feature("x", "BYTES", "image_domain { }"), {"meaning": "encoded_image"}),
        (feature("x", "BYTES", 'string_domain { value: "a" value: "b" }'), {}),
        (feature("x", "INT", 'domain: "d"') + 'int_domain { name: "d" min: 0 max: 3 }', {"range": (0, 3)}),
        (feature("x", "BYTES", 'domain: "d"') + 'string_domain { name: "d" value: "a" }', {}),
        (
            feature("x", "FLOAT", f'{ALWAYS} shape {{ dim {{ size: 2 name: "side" }} dim {{ size: 3 }} }}'),
            {"axes": ("batch", "side", None)},
        ),
    ],
)
def test_domains_and_names_of_axes_are_facts(written, text, facts):
    (end,) = ends(written(text))
    assert end.spec.facts.known() == facts
    assert set(end.spec.facts.origins.values()) <= {"read"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (feature("x", rest="shape { dim { size: 1 } } presence { min_fraction: 0.5 }"), "not present in all examples"),
        (feature("x", rest="shape { dim { size: 1 } }"), "not present in all examples"),
        (feature("x", "STRUCT"), "neither bytes nor whole numbers"),
        (feature("x", "TYPE_UNKNOWN"), "neither bytes nor whole numbers"),
    ],
)
def test_what_tfx_makes_no_tensor_of_is_unknown_and_never_passes(written, text, problem):
    path = written(text)
    (note,) = read(path).notes
    assert problem in note.message
    report = check(str(path), {"x": "int64[?, 1]"}, verify="typed")
    assert report.verdict == "undecided"


@pytest.mark.parametrize("most", [-1, -(2**63), 2**63 - 1, None])
def test_indices_up_to_what_is_no_size_make_no_tensor(written, most):
    """TFX makes a shape of one more than the greatest index, whatever that is."""
    most = "" if most is None else f"max: {most}"
    sparse = 'sparse_feature { name: "s" index_feature { name: "i" } value_feature { name: "v" } }'
    path = written(feature("i", rest=f"int_domain {{ min: 0 {most} }}") + feature("v", "FLOAT") + sparse)
    (note,) = read(path).notes
    assert (note.place, "whose domain is not from 0 to a number" in note.message) == ("s", True)
    (end,) = ends(path)
    assert str(end) == "s: unknown[*]"


def test_a_name_that_stands_twice_is_told(written):
    path = written(feature("x") + feature("y") + feature("x", "FLOAT"))
    assert [str(one) for one in ends(path)] == ["x: sparse float32[?, ?]", "y: sparse int64[?, ?]"]
    assert [(one.place, one.message) for one in read(path).notes] == [
        ("x", "2 features of this name: the last is read")
    ]


def test_a_default_that_is_missing_and_other_groups_are_notes(written):
    dense = 'tensor_representation { key: "t" value { dense_tensor { column_name: "x" shape { } } } }'
    groups = [f'tensor_representation_group {{ key: "{key}" value {{ {dense} }} }}' for key in ("", "g")]
    notes = {one.place: one.message for one in read(written(feature("x") + " ".join(groups))).notes}
    assert sorted(notes) == ["g", "t"]
    assert "no default" in notes["t"]


def test_the_examples_are_a_signature_of_their_features(written):
    """A value count of one number is a known count; what need not be present may be absent."""
    text = (
        feature("age", "FLOAT", f"{ALWAYS} shape {{ dim {{ size: 2 }} dim {{ size: 3 }} }}")
        + feature("rare", "FLOAT", "shape { }")
        + feature("words", "BYTES")
        + feature("pair", "INT", f"{ALWAYS} value_count {{ min: 2 max: 2 }}")
        + feature("some", "INT", f"{ALWAYS} value_count {{ min: 1 max: 3 }}")
        + feature("odd", "STRUCT")
    )
    path = written(text)
    (end,) = ends(path, "examples")
    assert (end.name, str(end.spec), end.spec.facts.meaning) == ("examples", "string[?]", "serialized_example")
    assert end.spec.facts.features.model_dump() == {
        "age": "float32[2, 3]",
        "pair": "int64[2]",
        "rare": "float32[] optional",
        "some": "int64[?]",
        "words": "string[?]",
    }
    assert [one.key for one in read(path).signatures] == ["default", "examples"]
    # The tensors are meant where nothing is said.
    assert check(str(path), {"words": "sparse string[?, ?]"}, verify="typed").verdict == "fits"


@pytest.mark.parametrize(
    ("parsed", "verdict", "said"),
    [
        ({"age": "float32[]"}, "fits", []),
        ({"age": "float32[1]", "more": "int64[?]"}, "fits", []),
        ({"age": "int64[1]"}, "blocked", ["age: float32, and int64 is parsed"]),
        ({"more": "int64[1]"}, "blocked", ["more: not among them, and no default stands for it"]),
    ],
)
def test_the_examples_are_held_against_those_that_are_parsed(written, parsed, verdict, said):
    path = written(feature("age", "FLOAT", f"{ALWAYS} shape {{ }}"))
    facts = Facts.model_validate({"features": parsed})
    report = check(f"{path}#examples", {"x": parse_spec("string[?]").replace(facts=facts)}, verify="typed")
    assert report.verdict == verdict
    assert [one.message for one in report.findings if one.rule == "feature_mismatch"] == said


def test_each_environment_is_a_signature(written):
    text = feature("x", "FLOAT") + feature("label", "INT", 'not_in_environment: "SERVING"')
    left_out = 'not_in_environment: ["TRAINING", "SERVING"] in_environment: "EVAL"'
    path = written(text + feature("weight", "FLOAT", left_out) + 'default_environment: ["TRAINING", "SERVING"]')
    keys = {one.key: [end.name for end in one.outputs] for one in read(path).signatures}
    assert keys == {
        "default": ["x", "label", "weight"],
        "TRAINING": ["x", "label"],
        "SERVING": ["x"],
        "EVAL": ["weight"],
        "examples": ["examples"],
    }
    report = check(f"{path}#SERVING", {"x": "sparse float32[?, ?]"}, verify="typed")
    assert report.verdict == "fits"
    with pytest.raises(UsageError, match="SERVING"):
        check(str(path), {"x": "sparse float32[?, ?]"}, verify="typed")


def test_both_forms_say_the_same(tmp_path):
    message = text_format.Parse(WHOLE, schema_pb2.Schema())
    text, data = tmp_path / "a.pbtxt", tmp_path / "b"
    text.write_text("# Written by a person.\n\n" + WHOLE)
    data.write_bytes(message.SerializeToString())
    first, second = read(text), read(data)
    assert first.reader == second.reader == "tfx_schema"
    assert (first.signatures, first.notes) == (second.signatures, second.notes)


def test_the_seed_is_what_its_owner_reads(tmp_path):
    (owned,) = schema_pb2.Schema.FromString(binary()).feature
    assert (owned.name, owned.int_domain.max, owned.presence.min_fraction) == ("age", 120, 1.0)
    path = tmp_path / "schema.pb"
    path.write_bytes(binary())
    assert [str(one) for one in ends(path)] == ["age: int64[?, 3]"]


def test_the_tables_are_those_of_the_owner():
    owned = {"FeatureName": schema_pb2.SparseFeature.IndexFeature.DESCRIPTOR}
    waiting = [schema_pb2.Schema.DESCRIPTOR]
    while waiting:
        kind = waiting.pop()
        owned.setdefault(kind.name, kind)
        inner = [one.message_type for one in kind.fields if one.message_type is not None]
        waiting += [one for one in inner if one.name not in owned]
    # A sparse tensor, which a representation and a feature are named after, is found under either.
    for kind, table in messages.TFX_SCHEMA.tables.items():
        if kind == "Present":
            continue
        for number, field in table.items():
            assert owned[kind].fields_by_name[field.name].number == number, (kind, field.name)
    enums = {
        value.name: value.number for enum in schema_pb2.DESCRIPTOR.enum_types_by_name.values() for value in enum.values
    }
    partitions = schema_pb2.TensorRepresentation.RowPartitionDType
    enums |= dict(partitions.items())
    assert {name: enums[name] for name in messages.TFX_SCHEMA.enums} == messages.TFX_SCHEMA.enums


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("feature { }", "broken"),
        ("default_environment: 'a'", "no features"),
        ("feature { name: 'x' type: INT int_domain { min: 1.5 } }", "line 1: '1.5' instead of a whole number"),
        ("feature { name: 'x' type: FLOAT float_domain { min: a } }", "line 1: 'a' instead of a number"),
        (feature() + "sparse_feature { name: 's' value_feature { name: 'x' } index_feature { name: 'q' } }", "'q'"),
        ("feature { name: 'x' type: FLOAT float_domain { min: 0 max: 1e300 } }", "does not fit in float32"),
        (feature() + feature("y").replace("feature", "feature {"), "broken"),
        (f"feature {{ name: 'x' type: INT {ALWAYS} shape {{ {'dim { size: 1 } ' * 254} }} }}", "at most 254"),
    ],
)
def test_a_broken_schema_is_one_line(tmp_path, text, problem):
    path = tmp_path / "schema.pbtxt"
    path.write_text(text)
    with pytest.raises(SourceError, match=problem) as raised:
        read(path)
    assert "\n" not in str(raised.value)
