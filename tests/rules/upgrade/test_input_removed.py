from __future__ import annotations

from sigcheck.rules.upgrade import input_removed
from sigcheck.rules.views.upgrade import UpgradeView


def test_an_input_that_is_gone(changes):
    old = {"inputs": {"x": "float32[?, 3]", "mask": "int32[?, 3]"}}
    assert changes(old, {"inputs": {"x": "float32[?, 3]"}}) == ["error input_removed mask"]


def test_an_optional_input_that_is_gone_was_fed_by_some(changes):
    old = {"inputs": {"mask": ("int32[?, 3]", {"optional": True})}}
    assert changes(old, {}) == ["error input_removed mask"]


def test_a_rename_is_suspected_where_one_new_input_has_the_same_spec(signature):
    view = UpgradeView(signature({"inputs": {"x": "float32[?, 3]"}}), signature({"inputs": {"z": "float32[?, 3]"}}))
    (finding,) = input_removed.find(view)
    assert finding.help.endswith("it may be 'z' now, which has the same spec")


def test_counted_names_are_compared_by_position(changes):
    old = {"inputs": {"keras_tensor_7": "float32[?, 3]", "keras_tensor_8": "int32[?]"}}
    new = {"inputs": {"keras_tensor_8": "float32[?, 3]", "keras_tensor_9": "int32[?]"}}
    assert changes(old, new) == []


def test_a_counted_name_that_is_gone_is_the_last(changes):
    old = {"inputs": {"keras_tensor": "float32[?, 3]", "keras_tensor_1": "int32[?]"}}
    new = {"inputs": {"keras_tensor_5": "float32[?, 3]"}}
    assert changes(old, new) == ["error input_removed keras_tensor_1"]
