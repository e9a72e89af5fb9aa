"""The contracts of a model in the words of those that serve it, read by the owners of the words and read back."""

from __future__ import annotations

import json
import sys

import pytest
from google.protobuf import json_format, text_format
from mlflow.models.signature import ModelSignature
from tritonclient.grpc import model_config_pb2, service_pb2

from sigcheck.api import check, read
from sigcheck.reports import MODEL_FORMATS
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature

SPECS = {"image": "uint8[?, 224, 224, 3]", "scale": "float32[]", "label": "string[?]", "ids": "int64[2, ?]"}
# Outside a batch Triton has no tensor without axes.
IN_TRITON = {name: spec for name, spec in SPECS.items() if name != "scale"}
READ_BACK = {"triton": "config.pbtxt", "kserve": "m.json"}


def ends(specs):
    return tuple(Endpoint(name=name, spec=parse_spec(spec)) for name, spec in specs.items())


def model(specs=SPECS, reader="saved_model", key="serving_default"):
    both = ends(specs)
    return Model(source="models/m", reader=reader, signatures=(Signature(key=key, inputs=both, outputs=both[:1]),))


@pytest.mark.parametrize("name", READ_BACK)
def test_what_is_written_is_read_back(tmp_path, name):
    path = tmp_path / READ_BACK[name]
    expected = SPECS if name != "triton" else IN_TRITON
    path.write_text(MODEL_FORMATS[name].render_models([model(expected)]))
    found = read(path)
    assert found.reader == name
    assert {one.name: str(one.spec) for one in found.signatures[0].inputs} == expected
    assert [one.name for one in found.signatures[0].outputs] == ["image"]


def test_triton_takes_its_configuration():
    text = MODEL_FORMATS["triton"].render_models([model(IN_TRITON, key="other")])
    config = text_format.Parse(text, model_config_pb2.ModelConfig())
    assert (config.name, config.platform, config.max_batch_size) == ("m", "tensorflow_savedmodel", 0)
    assert list(config.input[0].dims) == [-1, 224, 224, 3]
    assert config.parameters["TF_SIGNATURE_DEF"].string_value == "other"
    onnx = text_format.Parse(
        MODEL_FORMATS["triton"].render_models([model(IN_TRITON, reader="onnx", key="default")]),
        model_config_pb2.ModelConfig(),
    )
    assert (onnx.platform, len(onnx.parameters)) == ("onnxruntime_onnx", 0)


def test_the_protocol_takes_its_metadata():
    text = MODEL_FORMATS["kserve"].render_models([model()])
    message = json_format.Parse(text, service_pb2.ModelMetadataResponse())
    assert [(one.name, one.datatype) for one in message.inputs][:2] == [("image", "UINT8"), ("scale", "FP32")]


def test_mlflow_takes_its_signature():
    written = json.loads(MODEL_FORMATS["mlflow"].render_models([model()]))
    signature = ModelSignature.from_dict(written)
    assert signature.inputs.input_names() == list(SPECS)
    assert [one.shape for one in signature.inputs.inputs] == [(-1, 224, 224, 3), (), (-1,), (2, -1)]
    assert [str(one.type) for one in signature.inputs.inputs] == ["uint8", "float32", "<U0", "int64"]


@pytest.mark.parametrize("name", ["triton", "kserve", "mlflow"])
@pytest.mark.parametrize("spec", ["float32[*]", "ragged int64[?, None]", "unknown[3]", "qint8[3]"])
def test_what_cannot_be_said_is_refused(name, spec):
    with pytest.raises(UsageError, match=r"^x: .*expected a dense tensor of known rank"):
        MODEL_FORMATS[name].render_models([model({"x": spec})])


def test_what_triton_does_not_serve_and_several_models_are_refused():
    with pytest.raises(UsageError, match="read as tflite, expected what Triton serves"):
        MODEL_FORMATS["triton"].render_models([model(reader="tflite")])
    with pytest.raises(UsageError, match="2 models, expected one"):
        MODEL_FORMATS["triton"].render_models([model(), model()])


def test_a_model_and_a_report_give_a_signature_of_mlflow():
    signature = model().to_mlflow_signature("serving_default")
    assert isinstance(signature, ModelSignature)
    assert read(signature).signatures[0].inputs == read(model().to_mlflow_signature()).signatures[0].inputs
    assert [str(one) for one in read(signature).signatures[0].outputs] == ["image: uint8[?, 224, 224, 3]"]
    first = Signature(inputs=model({"words": "string[?]"}).signatures[0].inputs, outputs=ends({"a": "float32[?, 3]"}))
    second = Signature(inputs=ends({"a": "float32[?, 1, 3]"}), outputs=ends({"score": "float32[?, 1]"}))
    both = check(first, second, verify="typed").to_mlflow_signature()
    assert (both.inputs.input_names(), both.outputs.input_names()) == (["words"], ["score"])
    with pytest.raises(UsageError, match="expected a dense tensor of known rank"):
        model({"x": "float32[*]"}).to_mlflow_signature()


def test_without_mlflow_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow.models", None)
    with pytest.raises(UsageError, match=r"pip install 'sigcheck\[mlflow\]'"):
        model().to_mlflow_signature()
