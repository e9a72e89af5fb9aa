"""MLflow: the signature in an `MLmodel` file, and where the model in its folder says something else.

Columns are values of rows, tensors have shapes; parameters are inputs that may be left out. A model that was logged
without a signature has that of its own file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigcheck.encodings.json_bytes import parse_bytes
from sigcheck.encodings.source import Source
from sigcheck.encodings.written_data import MAX_YAML_CHARACTERS, parse_yaml
from sigcheck.readers.against_model import Contract
from sigcheck.readers.mlflow.columns import Caller, caller_of, given, taken
from sigcheck.readers.mlflow.flavor import find_model
from sigcheck.readers.mlflow.recognize import MLMODEL, NAME
from sigcheck.readers.mlflow.schema import Side, read_params, read_side
from sigcheck.schema.errors import SourceError
from sigcheck.schema.finding import Finding
from sigcheck.schema.signature import Model, Note, Signature

RULE = "signature_contradicts_model"
_UNSIGNED = (
    "an MLflow model without a signature, and no model that is read lies in it. Log it with one, as "
    "mlflow.models.infer_signature tells it."
)
_HELP = "log the model again with the signature that it has, as mlflow.models.infer_signature tells it"


def read(source: Source) -> Model:
    """The signature under the key `default`. Raises SourceError or ValueError where the file is broken."""
    written = _parse(source)
    told = written.get("signature") or {}
    inputs, outputs = (
        read_side(parse_bytes(told[side].encode()), side) if told.get(side) else Side()
        for side in ("inputs", "outputs")
    )
    params = read_params(parse_bytes(told["params"].encode())) if told.get("params") else []
    model, problem = _beside(source, written)
    notes = [*inputs.notes, *outputs.notes, *([Note(place=MLMODEL, message=problem)] if problem else [])]
    if not (inputs.ends or outputs.ends):
        if model is None:
            raise SourceError(source.place, _UNSIGNED)
        notes.append(Note(place=MLMODEL, message=f"logged without a signature: this is that of {model.source}"))
        return Model(source=source.text, reader=NAME, signatures=model.signatures, notes=tuple(notes))
    signature = Signature(inputs=(*inputs.ends, *params), outputs=outputs.ends)
    caller = caller_of(written["flavors"])
    differ = _contradictions(model, inputs, outputs, caller) if model is not None and model.signatures else ()
    return Model(source=source.text, reader=NAME, signatures=(signature,), notes=tuple(notes), contradictions=differ)


def _parse(source: Source) -> Mapping[str, Any]:
    file = source.child(MLMODEL) if source.is_directory else source
    if file is None:
        raise ValueError(f"no {MLMODEL}")
    with file.content() as content:
        if len(content) > MAX_YAML_CHARACTERS:
            raise ValueError(f"{len(content)} bytes, more than {MAX_YAML_CHARACTERS}")
        # MLflow writes one for what its user gave twice.
        written = parse_yaml(bytes(content[:]).decode(), has_aliases=True)
    if not isinstance(written, dict) or not isinstance(written.get("flavors"), dict):
        raise ValueError("no table of flavors")
    return written


def _beside(source: Source, written: Mapping[str, Any]) -> tuple[Model | None, str | None]:
    """The model in the folder, or why it is not compared with; of a file that is named itself nothing is looked for."""
    from sigcheck.readers import read_source

    if not source.is_directory:
        return None, None
    try:
        found = find_model(source, written["flavors"])
        return (None, None) if found is None else (read_source(found), None)
    except SourceError as error:
        return None, f"not compared with: {error}"


def _contradictions(model: Model, inputs: Side, outputs: Side, caller: Caller) -> tuple[Finding, ...]:
    """Where the model, by its first signature, says otherwise."""
    contract = Contract(RULE, "logged as", model.source, _HELP)
    own = model.signatures[0]
    sides = taken(inputs, own.inputs, caller), given(outputs, own.outputs, caller)
    return tuple(contract.against(*sides, own))
