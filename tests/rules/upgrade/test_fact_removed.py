from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "facts",
    [
        {"range": [0, 1]},
        {"normalization": {"mean": 5, "std": 2}},
        {"quantization": {"scale": 0.1, "zero_point": 0}},
        {"meaning": "logits"},
        {"id_count": 10},
        {"axes": ["batch", "feature"]},
        {"channel_order": "RGB"},
        {"padding": {"value": 0}},
    ],
)
@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_fact_that_is_gone(changes, side, facts):
    assert changes({side: {"x": ("int8[?, 3]", facts)}}, {side: {"x": "int8[?, 3]"}}) == ["error fact_removed x"]


def test_one_name_of_an_axis_is_gone(changes):
    old, new = ({"outputs": {"x": ("int8[?, 3]", {"axes": ["batch", name]})}} for name in ("feature", None))
    assert changes(old, new) == ["error fact_removed x"]


def test_a_count_that_a_range_of_ids_still_says(changes):
    ids = {"meaning": "token_ids", "range": [0, 9]}
    old = {"outputs": {"x": ("int32[?]", {**ids, "id_count": 10})}}
    assert changes(old, {"outputs": {"x": ("int32[?]", ids)}}) == ["note compatible_change x"]


def test_the_raw_range_of_a_normalization(changes):
    old, new = (
        {"inputs": {"x": ("float32[?]", {"normalization": {"mean": 5, "std": 2, **more}})}}
        for more in ({"raw_range": [0, 255]}, {})
    )
    assert changes(old, new) == ["error fact_removed x"]
    assert changes(new, old) == ["warning fact_added x"]
