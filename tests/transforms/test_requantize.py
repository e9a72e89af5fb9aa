from __future__ import annotations

import pytest


def stored(scale, zero_point, axis=None):
    return {"quantization": {"scale": scale, "zero_point": zero_point, "axis": axis}}


CASES = [
    ("any[?, 3]", "int8[?, 3]", stored(0.1, 100), stored(0.25, -3)),
    ("any[?, 3]", "int32[?, 3]", stored(0.1, 100), stored(0.25, -3)),
    ("uint8[?, 3]", "int8[?, 3]", stored(0.1, 128), stored(0.1, 0)),
    ("uint8[?, 3]", "int8[?, 3]", stored(0.1, 100), stored(0.1, 0)),
    ("int8[?, 3]", "uint8[?, 3]", stored(0.1, -5), stored(0.1, 123)),
    ("int8[?, 3]", "int8[?, 3]", stored([1, 2, 3], [0, 1, 2], 1), stored(0.25, -3)),
    ("int16[3, 3]", "int8[3, 3]", stored([1, 2, 3], [0, 1, 2], 1), stored([0.1, 0.2, 0.3], [0, 1, 2], 1)),
    ("int8[2, 3]", "int8[2, 3]", stored(0.5, 0), stored([0.1, 0.2, 0.3], [0, 1, 2], 1)),
    ("uint8[?, 3]", "int8[?, 3]", {"range": [0, 255]}, stored(1, -128)),
    ("uint8[?, 3]", "int8[?, 3]", {"range": [0, 255]}, stored(2, 0)),
    ("int8[?, 3]", "uint8[?, 3]", stored(1, -128), {"range": [0, 255]}),
    ("ragged uint8[?, None]", "ragged int8[?, None]", stored(0.1, 128), stored(0.2, 0)),
    ("ragged int8[?, None, 3]", "ragged uint8[?, None, 3]", stored([1, 2, 3], [0, 1, 2], 2), stored(0.25, 3)),
]


@pytest.mark.parametrize(
    ("ours", "theirs", "loss"),
    [
        (stored(0.1, 128), stored(0.1, 0), "exact"),
        (stored(0.1, 100), stored(0.1, 0), "truncating"),
        (stored(0.1, 128), stored(0.2, 0), "rounding"),
        (stored(0.2, 128), stored(0.1, 0), "truncating"),
        # A range is of real values: these are stored as 0 to 10, and as 10 to 20.
        ({**stored(0.1, 0), "range": [0, 1]}, stored(0.1, 10), "exact"),
        ({**stored(0.2, 0), "range": [0, 9]}, stored(0.1, 0), "rounding"),
        # Whole numbers of a declared range stand for themselves.
        ({"range": [0, 255]}, stored(1, -128), "exact"),
        ({"range": [0, 255]}, stored(1 / 255, -128), "truncating"),
    ],
)
def test_the_loss_follows_from_what_can_be_stored(propose, ours, theirs, loss):
    (step,) = propose("requantize", "uint8[?]", "int8[?]", ours, theirs)
    assert step.loss == loss
