from __future__ import annotations


def test_a_new_output_is_noted(changes):
    assert changes({}, {"outputs": {"y": "float32[?, 2]"}}) == ["note compatible_change y"]


def test_an_input_that_is_optional_now(changes):
    old, new = {"inputs": {"x": "int32[?]"}}, {"inputs": {"x": ("int32[?]", {"optional": True})}}
    assert changes(old, new) == ["note compatible_change x"]


def test_what_is_the_same_is_silent(changes):
    same = {"inputs": {"x": ("int32[?]", {"range": [0, 9]})}, "outputs": {"y": "float32[?, 2]"}}
    assert changes(same, same) == []
