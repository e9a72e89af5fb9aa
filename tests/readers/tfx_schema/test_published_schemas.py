"""Schemas that TFX ships, as its own class parses them, and the transform that stands between two of them."""

from __future__ import annotations

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from sigcheck.pipelines.chain import check_chain
from sigcheck.readers import read

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
            assert told[one.name].dtype == DTYPES.get(one.type), (path, one.name)
            if one.shape.dim:
                assert told[one.name].shape == (None, *(axis.size for axis in one.shape.dim)), (path, one.name)


def test_a_transform_takes_what_one_schema_says_and_gives_what_another_does(published):
    before, transform, after, *_ = published(TFX)
    result, _ = check_chain([before, transform, after], verify="typed")
    assert [link.verdict for link in result.links] == ["fits", "fits"]
    assert len(result.links[1].bindings) == 17
