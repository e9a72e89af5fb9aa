"""MLflow: a signature as `mlflow.models.ModelSignature.from_dict` takes it, and as an MLmodel has it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sigcheck.schema.errors import UsageError
from sigcheck.schema.selection import select_signature
from sigcheck.schema.served import require_dense
from sigcheck.schema.signature import Endpoint, Model, Signature

# NumPy's names of the dtypes that it has itself; MLflow takes no others.
_NAMES = {
    **{name: name for name in ("bool", "float16", "float32", "float64", "complex64", "complex128")},
    **{f"{kind}{bits}": f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)},
    "string": "str",
}


def write_signature(signature: Signature) -> dict[str, Any]:
    """What MLflow keeps of a signature. Raises UsageError for what it cannot say."""
    return {"inputs": _side(signature.inputs), "outputs": _side(signature.outputs), "params": None}


def make_signature(signature: Signature) -> Any:
    """An `mlflow.models.ModelSignature`. Raises UsageError for what MLflow cannot say, and where it is not there."""
    try:
        from mlflow.models import ModelSignature
    except ImportError:
        problem = "is not installed, and makes this signature. Install it with: pip install 'sigcheck[mlflow]'."
        raise UsageError("mlflow", problem) from None
    return ModelSignature.from_dict(write_signature(signature))


def signature_of(model: Model, key: str | None) -> Any:
    """The same of the signature that is meant, or of a key. Raises as `make_signature` and `select_signature` do."""
    return make_signature(select_signature(model, key))


def _side(ends: Iterable[Endpoint]) -> str:
    """A schema is a text of JSON in the JSON."""
    written = []
    for one in ends:
        dtype, shape = require_dense(one, _NAMES, "MLflow")
        written.append({"name": one.name, "type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}})
    return json.dumps(written)
