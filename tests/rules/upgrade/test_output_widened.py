from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("float32[?, 512]", "float32[?, 768]", ["error output_widened y"]),
        ("float32[8, 2]", "float32[?, 2]", ["error output_widened y"]),
        ("float32[?, 2]", "float32[*]", ["error output_widened y"]),
        ("float32[?, 2]", "float32[8, 2]", ["note compatible_change y"]),
        ("float32[*]", "float32[?, 2]", ["note compatible_change y"]),
        ("float32[?, 2]", "float32[?, 2]", []),
    ],
)
def test_outputs_may_narrow(changes, old, new, found):
    assert changes({"outputs": {"y": old}}, {"outputs": {"y": new}}) == found
