"""Each stand-in is that of the operator whose number it has: TensorFlow's own table of numbers says which that is."""

from __future__ import annotations

import pytest

from sigcheck.readers.tflite import operators, stand_in

pytestmark = pytest.mark.tensorflow

# Those that TensorFlow calls otherwise than TFLite does.
OTHERS = {
    "ADD": "AddV2",
    "DIV": "RealDiv",
    "L2_POOL_2D": "AvgPool",
    "AVERAGE_POOL_2D": "AvgPool",
    "MAX_POOL_2D": "MaxPool",
    "BATCH_MATMUL": "BatchMatMulV2",
    "FULLY_CONNECTED": "MatMul",
    "CONCATENATION": "ConcatV2",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2dNative",
    "LOGISTIC": "Sigmoid",
    "CONV_3D_TRANSPOSE": "TransposeConv",
    "TOPK_V2": "TopKV2",
}


@pytest.fixture(scope="module")
def numbers():
    from tensorflow.lite.python import schema_py_generated as schema

    return [
        {number: name for name, number in vars(of).items() if isinstance(number, int)}
        for of in (schema.BuiltinOperator, schema.BuiltinOptions)
    ]


def plain(name):
    return name.replace("_", "").removeprefix("REDUCE").lower()


def test_an_operation_has_the_number_of_its_operator(numbers):
    names, _ = numbers
    told = {code: entry.op for code, entry in stand_in._ENTRIES.items()} | operators._SAME
    told |= {code: one[0] for code, one in operators._ACTIVATED.items()} | operators._CLAMPING
    wrong = {
        code: (names.get(code), op)
        for code, op in told.items()
        if op not in {"TFLite>Same", OTHERS.get(names.get(code, ""))}
        and plain(names.get(code, "")) != op.removeprefix("TFLite>").lower()
    }
    # Two are the same here by another name.
    assert {code: one for code, one in wrong.items() if one[1].rpartition(">")[2] != OTHERS.get(one[0])} == {}


def test_options_have_the_number_of_their_kind(numbers):
    names, options = numbers
    shared = {"L2_POOL_2D": "pool2d", "AVERAGE_POOL_2D": "pool2d", "MAX_POOL_2D": "pool2d"}
    shared |= {"UNIDIRECTIONAL_SEQUENCE_RNN": "sequencernn"}
    for code, entry in stand_in._ENTRIES.items():
        if entry.kind:
            name, kind = names[code], options[entry.kind].removesuffix("Options").lower()
            is_reducer = kind == "reducer" and (name.startswith("REDUCE") or name in {"SUM", "MEAN"})
            assert is_reducer or kind in {shared.get(name), name.replace("_", "").lower()}, name
