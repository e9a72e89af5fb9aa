from __future__ import annotations


def test_an_output_that_is_gone(changes):
    assert changes({"outputs": {"y": "float32[?, 2]"}}, {}) == ["error output_removed y"]


def test_an_output_of_the_same_name_as_an_input_is_told_apart(changes):
    old = {"inputs": {"x": "float32[?]"}, "outputs": {"x": "float32[?]"}}
    assert changes(old, {"inputs": {"x": "float32[?]"}}) == ["error output_removed x"]
