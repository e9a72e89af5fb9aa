"""Signatures of MLflow: an `mlflow.models.ModelSignature`, as `infer_signature` gives it."""

from __future__ import annotations

import sys
from typing import Any

from sigcheck.schema.signature import DEFAULT_KEY, Model, Signature

NAME = "mlflow_signature"
ORDER = 80
ACCEPTS = "an mlflow.models.ModelSignature"


def recognizes(value: object) -> bool:
    """Whether it is a signature of MLflow."""
    kind = getattr(sys.modules.get("mlflow.models.signature"), "ModelSignature", None)
    return isinstance(kind, type) and isinstance(value, kind)


def read(value: object) -> Model:
    """One signature under the key `default`; parameters are inputs that may be left out."""
    # Not loaded before there is one.
    from sigcheck.encodings.json_bytes import parse_bytes
    from sigcheck.readers.mlflow.schema import Side, read_params, read_side

    signature: Any = value
    written = signature.to_dict()
    inputs, outputs = (
        read_side(parse_bytes(written[side].encode()), side) if written.get(side) else Side()
        for side in ("inputs", "outputs")
    )
    params = read_params(parse_bytes(written["params"].encode())) if written.get("params") else []
    own = Signature(key=DEFAULT_KEY, inputs=(*inputs.ends, *params), outputs=outputs.ends)
    notes = (*inputs.notes, *outputs.notes)
    return Model(source=type(value).__name__, reader=NAME, signatures=(own,), notes=notes)
