"""MLflow: the signature of a model as `mlflow.models.ModelSignature.from_dict` takes it, and as an MLmodel has it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.served import require_dense
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Endpoint, Model

NAME = "mlflow"
# NumPy's names of the dtypes that it has itself; MLflow takes no others.
_NAMES = {
    **{name: name for name in ("bool", "float16", "float32", "float64", "complex64", "complex128")},
    **{f"{kind}{bits}": f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)},
    "string": "str",
}


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """One object for one source, a list for several. Raises UsageError for what MLflow cannot say."""
    written = [_signature(model) for model in models]
    return dump_json(written[0] if len(written) == 1 else written)


def _signature(model: Model) -> dict[str, Any]:
    signature = select_signature(model)
    return {"inputs": _side(signature.inputs), "outputs": _side(signature.outputs), "params": None}


def _side(ends: Iterable[Endpoint]) -> str:
    """A schema is a text of JSON in the JSON."""
    written = []
    for one in ends:
        dtype, shape = require_dense(one, _NAMES, "MLflow")
        written.append({"name": one.name, "type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}})
    return json.dumps(written)
