from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("float32[?, ?, 3]", "float32[?, 224, 3]", ["error input_narrowed x"]),
        ("float32[?, 10]", "float32[?, 12]", ["error input_narrowed x"]),
        ("float32[?, 10]", "float32[?, 1, 10]", ["error input_narrowed x"]),
        ("float32[*]", "float32[?, 10]", ["error input_narrowed x"]),
        ("float32[?, 10]", "float32[?, ?]", ["note compatible_change x"]),
        ("float32[1, 10]", "float32[*]", ["note compatible_change x"]),
        ("float32[?, 10]", "float32[?, 10]", []),
    ],
)
def test_inputs_may_widen(changes, old, new, found):
    assert changes({"inputs": {"x": old}}, {"inputs": {"x": new}}) == found
