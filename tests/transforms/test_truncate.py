from __future__ import annotations

import pytest

CASES = [
    ("any[?, 8]", "any[?, 5]"),
    ("string[?, 8, 9]", "string[?, 5, 4]"),
    ("float32[?, 8]", "float32[?, 5]", {}, {"padding": {"side": "pre"}}),
    ("float32[?, 8]", "float32[?, 0]"),
]


def test_it_loses_and_assumes(propose):
    (step,) = propose("truncate", "int32[?, 8, 9]", "int32[?, 5, 4]")
    assert (step.loss, step.cost.truncating, step.cost.assumptions) == ("truncating", 1, 2)


def test_pictures_are_cropped_instead(propose):
    axes = {"axes": ["batch", "height", "width", "channel"]}
    assert propose("truncate", "uint8[?, 9, 9, 3]", "uint8[?, 5, 5, 3]", axes) == []


def test_the_first_channel_is_no_batch_of_one(propose):
    gives, wants = {"axes": ["channel", "height", "width"]}, {"axes": ["batch", "height", "width"]}
    shapes = ("float32[3, ?, ?]", "float32[1, ?, ?]")
    assert propose("truncate", *shapes, gives, wants) == []
    assert len(propose("truncate", *shapes, gives, gives)) == 1


def test_an_axis_is_not_brought_to_the_size_of_one_of_another_name(propose):
    named, same, other = ({"axes": ["batch", name]} for name in ("bin", "bin", "sample"))
    assert propose("truncate", "float32[?, 512]", "float32[?, 257]", named, same)
    assert propose("truncate", "float32[?, 512]", "float32[?, 257]", named, other) == []


def test_rows_that_the_producer_fills_in_front_keep_their_ends(propose):
    front, behind = ({"padding": {"value": 0, "side": side}} for side in ("pre", "post"))
    (step,) = propose("truncate", "int32[?, 8]", "int32[?, 5]", front)
    assert step.arguments["side"] == "pre"
    (step,) = propose("truncate", "int32[?, 8]", "int32[?, 5]", front, behind)
    assert step.arguments["side"] == "post"


@pytest.mark.parametrize(
    ("names", "ending"),
    [
        (None, 1),
        (["batch", "time", "feature"], 1),
        (["batch", "feature", "time"], 2),
        (["time", "batch", "feature"], 0),
    ],
)
@pytest.mark.parametrize("is_wanted", [True, False])
def test_of_rows_filled_in_front_only_their_own_axis_keeps_its_end(propose, names, ending, is_wanted):
    """Features, and examples, are as far from the front in each row as before."""
    named = {} if names is None else {"axes": names}
    filled = {"padding": {"side": "pre"}, **named}
    shapes = ("int32[8, 9, 7]", "int32[5, 4, 3]")
    steps = list(
        propose("truncate", *shapes, named, filled) if is_wanted else propose("truncate", *shapes, filled, named)
    )
    cut = {axis: step.arguments["side"] for step in steps for axis, to in enumerate(step.arguments["sizes"]) if to}
    assert cut == {axis: "pre" if axis == ending else "post" for axis in range(3)}
