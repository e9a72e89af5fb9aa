"""KServe: the tensors of a model that a server serves, by the Open Inference Protocol's model metadata.

`GET /v2/models/NAME` answers with it, at KServe, Triton, TorchServe and others; the shapes have the batch in them.
"""

from __future__ import annotations

from sigcheck.encodings.json_message import parse_json_message
from sigcheck.encodings.message import Message, Messages, fields
from sigcheck.encodings.source import Source
from sigcheck.readers.kserve.datatype import DATATYPES
from sigcheck.readers.kserve.recognize import NAME
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.shape import MAX_RANK
from sigcheck.schema.signature import Endpoint, Model, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

# grpc_predict_v2.proto, ModelMetadataResponse.
_MESSAGES = Messages(
    {
        "ModelMetadataResponse": fields(inputs="4 TensorMetadata many 10000", outputs="5 TensorMetadata many 10000"),
        "TensorMetadata": fields(name="1 text", datatype="2 text", shape=f"3 int many {MAX_RANK}"),
    },
    {},
)


def read(source: Source) -> Model:
    """The signature under the key `default`. Raises ValueError or KeyError where the file is broken."""
    with source.content() as content:
        message = parse_json_message("ModelMetadataResponse", content, _MESSAGES)
    notes: list[Note] = []
    inputs, outputs = (tuple(_endpoint(one, notes) for one in message.get(side, ())) for side in ("inputs", "outputs"))
    if not (inputs or outputs):
        raise ValueError("neither inputs nor outputs")
    signature = Signature(inputs=inputs, outputs=outputs)
    return Model(source=source.text, reader=NAME, signatures=(signature,), notes=tuple(notes))


def _endpoint(written: Message, notes: list[Note]) -> Endpoint:
    spend(STEPS_OF_ENDPOINT)
    name, shape = written["name"], written.get("shape")
    dtype = DATATYPES.get(written["datatype"])
    if dtype is None:
        found = f"datatype {written['datatype']!r:.40} is none of the Open Inference Protocol"
        notes.append(Note(place=name, message=found))
    sizes = None if shape is None else tuple(None if size < 0 else size for size in shape)
    return Endpoint(name=name, spec=TensorSpec(dtype=dtype, shape=sizes))
