from __future__ import annotations

import pytest


@pytest.mark.parametrize("facts", [{"range": [0, 1]}, {"id_count": 10}, {"axes": ["batch", "feature"]}])
@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_fact_that_was_not_known(changes, side, facts):
    assert changes({side: {"x": "int8[?, 3]"}}, {side: {"x": ("int8[?, 3]", facts)}}) == ["warning fact_added x"]


def test_one_axis_has_a_name_now(changes):
    old, new = ({"outputs": {"x": ("int8[?, 3]", {"axes": ["batch", name]})}} for name in (None, "feature"))
    assert changes(old, new) == ["warning fact_added x"]
