"""Serving metadata: what `GET /v1/models/NAME/metadata` of TensorFlow Serving answers with.

It is the protobuf message `GetModelMetadataResponse` as JSON (tensorflow_serving/apis/get_model_metadata.proto),
with the signatures as the SavedModel has them; what a SavedModel says beside them, the server does not tell.
"""

from __future__ import annotations

from sigcheck.encodings.json_message import parse_json_message
from sigcheck.encodings.message import TENSORFLOW, Messages, fields
from sigcheck.encodings.source import Source
from sigcheck.readers.saved_model.meta_graph import DecodedMetaGraph
from sigcheck.readers.saved_model.meta_graph_signatures import read_signatures
from sigcheck.readers.serving_metadata.recognize import NAME
from sigcheck.schema.signature import Model, Note

_MESSAGES = Messages(
    {
        **TENSORFLOW.tables,
        "GetModelMetadataResponse": fields(metadata="2 Metadata"),
        # A map from text to google.protobuf.Any: its one entry that there is, with the fields that its JSON has.
        "Metadata": fields(signature_def="1 SignatureDefMap"),
        "SignatureDefMap": fields(signature_def="1 SignatureDef map 10000"),
    },
    TENSORFLOW.enums,
)


def read(source: Source) -> Model:
    """The signatures by their keys. Raises ValueError where the file is broken."""
    with source.content() as content:
        message = parse_json_message("GetModelMetadataResponse", content, _MESSAGES)
    definitions = message.get("metadata", {}).get("signature_def", {}).get("signature_def", {})
    if not definitions:
        raise ValueError("no signatures under metadata.signature_def.signature_def")
    notes: list[Note] = []
    signatures = read_signatures(DecodedMetaGraph({"signature_def": definitions}), notes)
    return Model(source=source.text, reader=NAME, signatures=tuple(signatures), notes=tuple(notes))
