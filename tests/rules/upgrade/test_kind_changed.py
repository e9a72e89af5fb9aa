from __future__ import annotations


def test_a_ragged_output_that_is_dense_now(changes):
    old, new = {"outputs": {"y": "ragged int32[?, None]"}}, {"outputs": {"y": "int32[?, ?]"}}
    assert changes(old, new) == ["error kind_changed y"]


def test_another_ragged_rank(changes):
    old, new = {"inputs": {"x": "ragged int32[?, None, None]"}}, {"inputs": {"x": "ragged int32[?, None, 4]"}}
    assert changes(old, new) == ["error kind_changed x", "error input_narrowed x"]


def test_the_same_kind(changes):
    same = {"inputs": {"x": "sparse float32[?, 9]"}}
    assert changes(same, same) == []
