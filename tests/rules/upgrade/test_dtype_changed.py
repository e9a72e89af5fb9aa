from __future__ import annotations

import pytest


@pytest.mark.parametrize("side", ["inputs", "outputs"])
@pytest.mark.parametrize(("old", "new"), [("int32[?]", "int64[?]"), ("float32[?]", "float16[?]")])
def test_a_dtype_may_change_in_no_direction(changes, side, old, new):
    assert changes({side: {"x": old}}, {side: {"x": new}}) == ["error dtype_changed x"]


def test_a_dtype_that_is_no_longer_known_is_a_warning(changes):
    assert changes({"inputs": {"x": "int32[?]"}}, {"inputs": {"x": "unknown[?]"}}) == ["warning dtype_changed x"]


def test_dtype_and_shape_are_two_changes(changes):
    found = changes({"inputs": {"x": "int32[?]"}}, {"inputs": {"x": "int64[4]"}})
    assert found == ["error dtype_changed x", "error input_narrowed x"]
