from __future__ import annotations


def test_an_input_that_is_new(changes):
    assert changes({}, {"inputs": {"mask": "int32[?, 3]"}}) == ["error input_added_required mask"]


def test_an_input_that_was_optional(changes):
    old = {"inputs": {"mask": ("int32[?, 3]", {"optional": True})}}
    assert changes(old, {"inputs": {"mask": "int32[?, 3]"}}) == ["error input_added_required mask"]


def test_a_new_optional_input_breaks_nobody(changes):
    new = {"inputs": {"mask": ("int32[?, 3]", {"optional": True})}}
    assert changes({}, new) == ["note compatible_change mask"]
