from __future__ import annotations


def test_swapped_colours_are_an_error_where_nothing_converts(only):
    finding = only(
        "float32[?, 8, 8, 3]", "float32[?, 8, 8, 3]", gives={"channel_order": "BGR"}, wants={"channel_order": "RGB"}
    )
    assert (finding.level, finding.rule) == ("error", "channel_order_mismatch")
    assert finding.message == "required channels in the order RGB, provided BGR"


def test_swapped_colours_are_a_warning_where_a_plan_converts(found, step):
    swap = step("swap_channels", "float32[?, 8, 8, 3]", facts={"channel_order": "RGB"})
    assert found(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        swap,
        gives={"channel_order": "BGR"},
        wants={"channel_order": "RGB"},
    ) == ["warning channel_order_mismatch"]
