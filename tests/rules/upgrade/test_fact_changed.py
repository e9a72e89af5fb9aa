from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"range": [0, 255]}, {"range": [0, 1]}, ["error fact_changed x"]),
        ({"meaning": "logits"}, {"meaning": "probabilities"}, ["error fact_changed x"]),
        ({"range": [0, 1]}, {}, ["error fact_removed x"]),
        ({}, {"range": [0, 1]}, ["warning fact_added x"]),
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


def test_bytes_that_fill_another_range_are_scaled_otherwise(changes):
    old, new = ({"outputs": {"x": ("uint8[?]", {"range": [0, high]})}} for high in (255, 100))
    assert changes(old, new) == ["error fact_changed x"]


def test_axes_of_other_names(changes):
    old, new = ({"outputs": {"x": ("float32[?, 3]", {"axes": ["batch", name]})}} for name in ("feature", "time"))
    assert changes(old, new) == ["error fact_changed x"]


def test_features_that_every_old_example_has_break_nobody(changes):
    one, more = ({"features": {"age": "int64[]", **rest}} for rest in ({}, {"words": "int64[?]"}))
    other = {"features": {"age": "int64[2]"}}
    old, new, wrong = ({"inputs": {"x": ("string[?]", facts)}} for facts in (one, more, other))
    assert changes(old, new) == changes(new, old) == ["note compatible_change x"]
    assert changes(old, wrong) == ["error fact_changed x"]
