"""The types of tensors, as the Open Inference Protocol calls them (kserve/open-inference-protocol, inference_rest.md).

Triton's configurations have the same, but for texts.
"""

from __future__ import annotations

from collections.abc import Mapping

DATATYPES: Mapping[str, str] = {
    "BOOL": "bool",
    "UINT8": "uint8",
    "UINT16": "uint16",
    "UINT32": "uint32",
    "UINT64": "uint64",
    "INT8": "int8",
    "INT16": "int16",
    "INT32": "int32",
    "INT64": "int64",
    "FP16": "float16",
    "FP32": "float32",
    "FP64": "float64",
    "BF16": "bfloat16",
    "BYTES": "string",
}
