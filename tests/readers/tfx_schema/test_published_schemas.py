"""Schemas that TFX and TensorFlow Transform ship, as their owners read them, and a transform between two of them."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location

import pytest
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from sigcheck.pipelines.chain import check_chain
from sigcheck.readers import read
from sigcheck.schema.errors import SourceError

DTYPES = {schema_pb2.INT: "int64", schema_pb2.FLOAT: "float32", schema_pb2.BYTES: "string"}
TFX = "tfx==1.21.0"


def test_each_feature_is_told_with_its_dtype(published):
    paths = [path for path in published(TFX) if path.suffix == ".pbtxt"]
    assert len(paths) == 6
    for path in paths:
        owned = text_format.Parse(path.read_text(), schema_pb2.Schema())
        told = {one.name: one.spec for one in read(path).signatures[0].outputs}
        for one in owned.feature:
            if one.lifecycle_stage in {schema_pb2.DEPRECATED, schema_pb2.PLANNED, schema_pb2.ALPHA}:
                continue
            if one.type == schema_pb2.STRUCT:
                # Named by its representation: one feature of each step.
                assert str(told["seq_s"]) == "ragged string[?, None, None]"
                continue
            assert told[one.name].dtype == DTYPES.get(one.type), (path, one.name)
            if one.shape.dim:
                assert told[one.name].shape == (None, *(axis.size for axis in one.shape.dim)), (path, one.name)


@pytest.fixture(scope="module")
def cases(published):
    """Schemas as texts, with the feature spec that TensorFlow Transform makes of each, and invalid ones."""
    (path,) = published("tensorflow-transform==1.21.0")
    spec = spec_from_file_location("schema_cases", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.tensorflow
def test_the_tensors_are_those_of_the_feature_specs_of_their_owner(cases, tmp_path):
    told = {}
    for case in [*cases.EQUIVALENT_FEATURE_SPEC_AND_SCHEMAS, *cases.NON_ROUNDTRIP_SCHEMAS]:
        path = tmp_path / "schema.pbtxt"
        path.write_text(case["ascii_proto"])
        name, owned = case["testcase_name"], case["feature_spec"]
        if not owned:
            with pytest.raises(SourceError, match="no features"):
                read(path)
            continue
        made, expected = ({one.name: str(one.spec) for one in read(it).signatures[0].outputs} for it in (path, owned))
        # A spec does not say that it is of each step: tf.io.parse_sequence_example puts the steps before the values.
        of_steps = [one for one in made if "##SEQUENCE##" in case["ascii_proto"] and "ragged" in made[one]]
        told[name] = made == expected | {one: expected[one].replace("None]", "None, None]") for one in of_steps}
    assert len(told) > 25
    assert [name for name, is_same in told.items() if not is_same] == []


@pytest.mark.tensorflow
def test_what_its_owner_makes_no_tensor_of_is_unknown(cases, tmp_path):
    found = {}
    for case in cases.INVALID_SCHEMA_PROTOS:
        path = tmp_path / "schema.pbtxt"
        path.write_text(case["ascii_proto"])
        try:
            ends = read(path).signatures[0].outputs
        except SourceError:
            continue
        found[case["testcase_name"]] = [str(one.spec) for one in ends]
    assert len(found) == 5
    assert all("unknown[*]" in specs for specs in found.values()), found


def test_a_transform_takes_what_one_schema_says_and_gives_what_another_does(published):
    before, transform, after, *_ = published(TFX)
    result, _ = check_chain([before, transform, after], verify="typed")
    assert [link.verdict for link in result.links] == ["fits", "fits"]
    assert len(result.links[1].bindings) == 17
