"""The contract of a model as JSON Schema, judged by a validator: what TensorFlow makes of the lists is the truth."""

from __future__ import annotations

import json

import jsonschema
import pytest

from sigcheck.reports import MODEL_FORMATS
from sigcheck.reports.parts.tensor_schema import tensor_schema
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature


def end(spec, **more):
    return Endpoint(name="x", spec=parse_spec(spec), **more)


def is_valid(schema, value):
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    ("spec", "good", "bad"),
    [
        ("float32[]", [1, 1.5], [[1], "1", None, True]),
        ("float32[?, 2]", [[], [[1, 2]], [[1, 2], [3, 4]]], [[1, 2], [[1]], [[1, 2, 3]], 5]),
        ("uint8[3]", [[0, 255, 7]], [[0, 256, 7], [-1, 0, 0], [0.5, 0, 0], [0, 0]]),
        ("int32[?]", [[2**31 - 1]], [[2**31], ["1"]]),
        ("bool[1]", [[True]], [[1], [0]]),
        ("string[?]", [["a"], [{"b64": "AAEC"}]], [[1], [{"b64": 5}], [{"b64": "a", "c": 1}]]),
        ("ragged int64[?, None]", [[[], [1], [1, 2]]], [[1], [[1.5]]]),
        ("int32[0]", [[]], [[1]]),
    ],
)
def test_what_a_server_takes_is_valid(spec, good, bad):
    schema = tensor_schema(end(spec))
    assert [value for value in good if not is_valid(schema, value)] == []
    assert [value for value in bad if is_valid(schema, value)] == []


def test_a_range_bounds_values_unless_they_are_codes():
    facts = {"range": (0.0, 1.0), "origins": {"range": "read"}}
    one = Endpoint(name="x", spec=parse_spec("float32[1]").replace(facts=Facts(**facts)))
    assert not is_valid(tensor_schema(one), [1.5])
    code = {"quantization": {"scale": (0.1,), "zero_point": (0,)}}
    coded = Endpoint(name="x", spec=parse_spec("uint8[1]").replace(facts=Facts(**facts, **code)))
    assert is_valid(tensor_schema(coded), [200])


@pytest.mark.parametrize("spec", ["float32[*]", "sparse float32[?, 3]", "unknown[3]", "complex64[3]", "qint8[3]"])
@pytest.mark.parametrize("name", ["jsonschema", "openapi"])
def test_what_has_no_form_in_json_is_refused(name, spec):
    with pytest.raises(UsageError, match=r"^x: .*expected a dense or ragged tensor of known rank"):
        MODEL_FORMATS[name].render_models([Model(source="m", reader="r", signatures=(Signature(inputs=(end(spec),)),))])


@pytest.fixture
def model():
    inputs = (Endpoint(name="ids", spec=parse_spec("int32[?, 4]")), end("float32[]", optional=True))
    return Model(source="models/m", reader="r", signatures=(Signature(key="k", inputs=inputs, outputs=inputs[:1]),))


def test_a_whole_contract(model):
    schema = json.loads(MODEL_FORMATS["jsonschema"].render_models([model]))
    assert is_valid(schema, {"inputs": {"ids": [[1, 2, 3, 4]]}, "outputs": {"ids": []}})
    assert not is_valid(schema, {"inputs": {}})
    assert not is_valid(schema, {"inputs": {"ids": [], "other": 1}})


def test_the_call_of_a_server(model):
    document = json.loads(
        MODEL_FORMATS["openapi"].render_models([model, model.model_copy(update={"source": "n.keras"})])
    )
    assert document["openapi"] == "3.1.0"
    assert list(document["paths"]) == ["/v1/models/m:predict", "/v1/models/n:predict"]
    call = document["paths"]["/v1/models/m:predict"]["post"]
    request = call["requestBody"]["content"]["application/json"]["schema"]
    assert is_valid(request, {"signature_name": "k", "inputs": {"ids": [[1, 2, 3, 4]]}})
    assert not is_valid(request, {"signature_name": "other", "inputs": {"ids": []}})
    response = call["responses"]["200"]["content"]["application/json"]["schema"]
    # Of one output its tensor alone is given.
    assert is_valid(response, {"outputs": [[1, 2, 3, 4]]})
    assert not is_valid(response, {"outputs": {"ids": [[1, 2, 3, 4]]}})


def test_models_of_one_name_would_have_one_path(model):
    with pytest.raises(UsageError, match=r"^m: 2 models of this name"):
        MODEL_FORMATS["openapi"].render_models([model, model.model_copy(update={"source": "other/m.keras"})])
