"""OpenAPI: the prediction call of TensorFlow Serving's REST interface for a model, for clients and gateways.

Tensors are passed by columns (`inputs`, `outputs`), as `tensorflow/serving/g3doc/api_rest.md` has it: of a model with
one tensor on a side, that tensor alone may stand for the object, and of its outputs it always does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.tensor_schema import object_schema, tensor_schema
from sigcheck.schema.errors import UsageError
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Model

NAME = "openapi"
_VERSION = "3.1.0"
_ERROR = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """One document, with a path for each source.

    Raises UsageError for what has no form in JSON, and for sources of one name: they would have one path.
    """
    names = [_name(model) for model in models]
    for name, count in Counter(names).items():
        if count > 1:
            raise UsageError(name, f"{count} models of this name, expected one for each path. Show them one by one.")
    paths = dict(_path(model) for model in models)
    info = {"title": ", ".join(names), "version": "1"}
    return dump_json({"openapi": _VERSION, "info": info, "paths": paths})


def _name(model: Model) -> str:
    return PurePath(model.source.partition("#")[0]).stem


def _path(model: Model) -> tuple[str, dict[str, Any]]:
    signature, name = select_signature(model), _name(model)
    inputs = object_schema(signature.inputs)
    taken = {"anyOf": [inputs, tensor_schema(signature.inputs[0])]} if len(signature.inputs) == 1 else inputs
    is_one = len(signature.outputs) == 1
    given = tensor_schema(signature.outputs[0]) if is_one else object_schema(signature.outputs)
    request = {
        "type": "object",
        "properties": {"signature_name": {"const": signature.key}, "inputs": taken},
        "required": ["inputs"],
        "additionalProperties": False,
    }
    response = {"type": "object", "properties": {"outputs": given}, "required": ["outputs"]}
    call = {
        "operationId": f"predict_{name}",
        "requestBody": {"required": True, "content": _json(request)},
        "responses": {
            "200": {"description": "What the model gives.", "content": _json(response)},
            "400": {"description": "The request is not what the model takes.", "content": _json(_ERROR)},
        },
    }
    return f"/v1/models/{quote(name, safe='')}:predict", {"post": call}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
