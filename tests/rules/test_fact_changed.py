from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"range": [0, 255]}, {"range": [0, 1]}, ["error fact_changed x"]),
        ({"meaning": "logits"}, {"meaning": "probabilities"}, ["error fact_changed x"]),
        ({"range": [0, 1]}, {}, ["note compatible_change x"]),
        ({}, {"range": [0, 1]}, ["note compatible_change x"]),
        ({"range": [0, 1]}, {"range": [0, 1]}, []),
    ],
)
@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_values_that_mean_something_else(changes, side, old, new, found):
    assert changes({side: {"x": ("float32[?]", old)}}, {side: {"x": ("float32[?]", new)}}) == found


def test_an_input_may_take_more_ids_and_an_output_may_give_fewer(changes):
    few, many = (("int32[?]", {"meaning": "token_ids", "id_count": count}) for count in (100, 200))
    assert changes({"inputs": {"x": few}}, {"inputs": {"x": many}}) == ["note compatible_change x"]
    assert changes({"inputs": {"x": many}}, {"inputs": {"x": few}}) == ["error fact_changed x"]
    assert changes({"outputs": {"x": many}}, {"outputs": {"x": few}}) == ["note compatible_change x"]
    assert changes({"outputs": {"x": few}}, {"outputs": {"x": many}}) == ["error fact_changed x"]
