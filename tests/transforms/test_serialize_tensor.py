from __future__ import annotations

import numpy as np
import pytest

from sigcheck.transforms.parts.tensor_message import WRITTEN, UnreadTensorError, read_tensor, write_tensor

TENSOR = {"meaning": "serialized_tensor"}
CASES = [
    *((f"{dtype}[?, 3]", "string[?]", {}, TENSOR) for dtype in sorted(WRITTEN)),
    ("float32[?, ?]", "string[]", {"axes": ["batch", "time"]}, TENSOR),
    ("int32[]", "string[]", {}, TENSOR),
    ("float64[4]", "string[4]", {}, TENSOR),
]


@pytest.mark.parametrize(
    ("spec", "required", "wants"),
    [
        ("float32[?, 3]", "string[?]", {}),
        ("float32[]", "string[?]", TENSOR),
        ("string[?]", "string[?]", TENSOR),
        ("bfloat16[?]", "string[?]", TENSOR),
        ("float32[?, 3]", "string[?, 3]", TENSOR),
    ],
)
def test_what_is_not_asked_for_or_not_written_is_left_alone(propose, spec, required, wants):
    assert propose("serialize_tensor", spec, required, {}, wants) == []


@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (3, 0, 2)])
def test_a_message_is_read_as_it_was_written(shape):
    for dtype in WRITTEN:
        array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
        message = write_tensor(array, dtype)
        assert np.array_equal(read_tensor(message, dtype), array)
        for broken in (message[:-1], b"\x07", message + b"\xff"):
            with pytest.raises(UnreadTensorError):
                read_tensor(broken, dtype)
    with pytest.raises(UnreadTensorError, match="a tensor of int64, not of int32"):
        read_tensor(write_tensor(np.zeros(2, np.int64), "int64"), "int32")
