from __future__ import annotations

import pytest

TENSOR = {"meaning": "serialized_tensor"}
CASES = [
    ("string[?]", "float32[?, 3]", TENSOR, {}),
    ("string[?]", "int64[?]", TENSOR, {}),
    ("string[]", "bool[?, 2]", TENSOR, {}),
    ("string[]", "float32[]", TENSOR, {}),
    ("string[?]", "float16[?, ?, 2]", {**TENSOR, "axes": ["batch"]}, {}),
]


@pytest.mark.parametrize(
    ("given", "required"),
    [({}, "float32[?, 3]"), (TENSOR, "string[?, 3]"), (TENSOR, "float32[]"), (TENSOR, "bfloat16[?, 3]")],
)
def test_what_is_no_serialized_tensor_is_left_alone(propose, given, required):
    assert propose("parse_tensor", "string[?]", required, given, {}) == []
