"""JSON Schema: what a model takes and gives, as nested lists by the names of its tensors, for validators and forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.tensor_schema import object_schema
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Model

NAME = "jsonschema"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """One schema for one source, a list for several: of an object with `inputs` and, where they are told, `outputs`.

    Raises UsageError for what has no form in JSON.
    """
    written = [_schema(model) for model in models]
    return dump_json(written[0] if len(written) == 1 else written)


def _schema(model: Model) -> dict[str, Any]:
    signature = select_signature(model)
    return {
        "$schema": _DRAFT,
        "title": PurePath(model.source.partition("#")[0]).stem,
        "type": "object",
        "properties": {"inputs": object_schema(signature.inputs), "outputs": object_schema(signature.outputs)},
        "required": ["inputs"],
    }
