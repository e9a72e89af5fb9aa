"""The messages of ONNX that say what a model takes and gives (onnx/onnx.proto, IR version 13)."""

from __future__ import annotations

from sigcheck.encodings.message import Messages, fields
from sigcheck.schema.shape import MAX_RANK

ONNX = Messages(
    {
        "StringStringEntryProto": fields(key="1 text", value="2 text"),
        # An initializer, of which the numbers are stepped over.
        "TensorProto": fields(name="8 text"),
        "SparseTensorProto": fields(values="1 TensorProto"),
        "ValueInfoProto": fields(name="1 text", type="2 TypeProto"),
        "TypeProto": fields(
            tensor_type="1 Tensor",
            sequence_type="4 Container",
            map_type="5 Container",
            denotation="6 text",
            opaque_type="7 Container",
            sparse_tensor_type="8 Tensor",
            optional_type="9 Container",
        ),
        "Tensor": fields(elem_type="1 int", shape="2 TensorShapeProto"),
        "Container": {},
        # One more than there can be, so that a shape of too many axes is seen.
        "TensorShapeProto": fields(dim=f"1 Dimension many {MAX_RANK + 1}"),
        "Dimension": fields(dim_value="1 int", dim_param="2 text", denotation="3 text"),
    },
    {},
)
