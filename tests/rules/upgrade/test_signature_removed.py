from __future__ import annotations

BOTH = {"inputs": {"x": "float32[?, 3]"}, "outputs": {"y": "float32[?, 2]"}}


def test_a_signature_that_is_gone(changes):
    assert changes(BOTH, None) == ["error signature_removed default"]


def test_a_signature_that_is_the_same(changes):
    assert changes(BOTH, BOTH) == []
