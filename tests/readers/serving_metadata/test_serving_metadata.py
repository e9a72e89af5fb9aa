"""Metadata of TensorFlow Serving, as its own classes write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.readers import read
from sigcheck.schema.errors import SourceError

FIXTURES = Path(__file__).parents[3] / "fixtures"


@pytest.mark.tensorflow
@pytest.mark.parametrize("keeps_names", [True, False])
def test_the_signatures_are_those_of_the_model_that_is_served(tmp_path, keeps_names):
    from google.protobuf import json_format
    from tensorflow.core.protobuf import saved_model_pb2
    from tensorflow_serving.apis import get_model_metadata_pb2

    folders = sorted(path.parent for path in FIXTURES.rglob("saved_model.pb"))
    assert len(folders) >= 5
    for at, folder in enumerate(folders):
        saved = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
        definitions = get_model_metadata_pb2.SignatureDefMap()
        for key, one in saved.meta_graphs[0].signature_def.items():
            definitions.signature_def[key].CopyFrom(one)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = "m"
        response.metadata["signature_def"].Pack(definitions)
        path = tmp_path / f"{at}.json"
        path.write_text(json_format.MessageToJson(response, preserving_proto_field_name=keeps_names))
        served, known = read(path), read(folder)
        assert served.reader == "serving_metadata"
        assert {one.key for one in served.signatures} == {one.key for one in known.signatures}
        for one in served.signatures:
            (own,) = (other for other in known.signatures if other.key == one.key)
            assert {str(end) for end in one.outputs} == {str(end) for end in own.outputs}
            # Parts of one input are told one by one: what puts them together is in the model alone.
            whole = {str(end) for end in own.inputs if not end.parts}
            assert whole <= {str(end) for end in one.inputs}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"metadata": {"signature_def": {}}}', "no signatures"),
        ('{"metadata": {"signature_def": {"signature_def": []}}}', "instead of an object"),
        ('{"metadata": {"signature_def": {"signature_def": {"a": 1}}}}', "1 instead of an object"),
        ('{"error": "signature_def", "signature_def": 1}', "no signatures"),
        ('{"metadata": {"signature_def": ', "broken"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, text, problem):
    path = tmp_path / "metadata.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=problem) as raised:
        read(path)
    assert "\n" not in str(raised.value)
