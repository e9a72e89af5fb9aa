"""The messages of a model's configuration that say what it takes and gives (triton-inference-server/common,
model_config.proto).
"""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.encodings.message import Messages, fields
from sigcheck.readers.kserve.datatype import DATATYPES
from sigcheck.schema.shape import MAX_RANK

# DataType, by number: the names are those of the Open Inference Protocol, but for texts.
_NAMES = ("BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64")
_NUMBERED = {**dict(enumerate(_NAMES, 1)), 13: "BYTES", 14: "BF16"}
DTYPES: Mapping[int, str] = {number: DATATYPES[name] for number, name in _NUMBERED.items()}
TYPE_NAMES: Mapping[str, str] = {
    DATATYPES[name]: "TYPE_STRING" if name == "BYTES" else f"TYPE_{name}" for name in _NUMBERED.values()
}

NHWC, NCHW = 1, 2
_DIMS = f"int many {MAX_RANK}"

TRITON = Messages(
    {
        "ModelConfig": fields(
            name="1 text",
            platform="2 text",
            version_policy="3 ModelVersionPolicy",
            max_batch_size="4 int",
            input="5 ModelInput many 10000",
            output="6 ModelOutput many 10000",
            default_model_filename="8 text",
            sequence_batching="13 ModelSequenceBatching",
            parameters="14 ModelParameter map 10000",
            ensemble_scheduling="15 ModelEnsembling",
            backend="17 text",
            batch_input="20 BatchInput many 10000",
            batch_output="21 BatchOutput many 10000",
        ),
        "ModelVersionPolicy": fields(latest="1 Latest", all="2 All", specific="3 Specific"),
        "Latest": fields(num_versions="1 int"),
        "All": {},
        "Specific": fields(versions="1 int many 10000"),
        "ModelInput": fields(
            name="1 text",
            data_type="2 int",
            format="3 int",
            dims=f"4 {_DIMS}",
            reshape="5 ModelTensorReshape",
            is_shape_tensor="6 bool",
            allow_ragged_batch="7 bool",
            optional="8 bool",
        ),
        "ModelOutput": fields(
            name="1 text",
            data_type="2 int",
            dims=f"3 {_DIMS}",
            reshape="5 ModelTensorReshape",
            is_shape_tensor="6 bool",
        ),
        "ModelTensorReshape": fields(shape=f"1 {_DIMS}"),
        "ModelParameter": fields(string_value="1 text"),
        "ModelSequenceBatching": fields(control_input="2 ControlInput many 10000", state="5 State many 10000"),
        "ControlInput": fields(name="1 text"),
        "State": fields(input_name="1 text", output_name="2 text", data_type="3 int", dims=f"4 {_DIMS}"),
        "BatchInput": fields(target_name="2 text many 10000"),
        "BatchOutput": fields(target_name="1 text many 10000"),
        "ModelEnsembling": fields(step="1 Step many 10000"),
        "Step": fields(
            model_name="1 text", model_version="2 int", input_map="3 text map 10000", output_map="4 text map 10000"
        ),
    },
    {
        "TYPE_INVALID": 0,
        **{"TYPE_STRING" if name == "BYTES" else f"TYPE_{name}": number for number, name in _NUMBERED.items()},
        "FORMAT_NONE": 0,
        "FORMAT_NHWC": NHWC,
        "FORMAT_NCHW": NCHW,
    },
)
