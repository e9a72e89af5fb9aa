from __future__ import annotations

import pytest

from sigcheck.planning.reordered import does_as_much
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import BY_NAME

NARROWED = {"quantization": {"scale": 1.0, "zero_point": 0}}
IMAGE, TURNED = ("height", "width", "channel"), ("channel", "height", "width")


def steps(provided, required, ours=None, theirs=None):
    sides = zip((provided, required), (ours or {}, theirs or {}), strict=True)
    outcome = search(*(parse_spec(text).replace(facts=Facts.model_validate(facts)) for text, facts in sides))
    return " ".join(step.transform for step in (outcome.plan or outcome.candidates[0]).steps)


@pytest.mark.parametrize(
    ("provided", "required", "order"),
    [
        ("float64[8, 9, 3]", "float32[3, 8, 9]", "cast transpose"),
        ("uint8[8, 9, 3]", "float32[3, 8, 9]", "transpose cast"),
        # Nothing is moved by a new axis: it comes first.
        ("float64[8, 9]", "float32[1, 8, 9]", "expand_dims cast"),
        ("int64[8, 9]", "int32[8, 12]", "cast pad"),
        ("int32[8, 9]", "int64[8, 12]", "pad cast"),
    ],
)
def test_what_moves_the_fewest_bytes_comes_first(provided, required, order):
    assert steps(provided, required) == order


def test_what_turns_the_channels_turns_their_numbers_and_may_stand_anywhere():
    """Between two conversions: behind the one that makes the values narrow, before the one that needs the order."""
    ours = {"range": (0, 1), "channel_order": "RGB", "axes": IMAGE}
    theirs = {"range": (0, 255), "channel_order": "BGR", "axes": TURNED, **NARROWED}
    assert steps("float32[8, 9, 3]", "uint8[3, 8, 9]", ours, theirs) == "scale quantize transpose reverse_channels"


def test_what_does_more_on_as_many_values_is_not_put_in_another_order():
    given, wanted = parse_spec("float64[8, 9]"), parse_spec("float32[1, 8, 9]")
    (cast, added, moved) = (
        next(iter(BY_NAME[name].propose(given, aim)))
        for name, aim in (("cast", wanted), ("expand_dims", wanted), ("transpose", parse_spec("float64[9, 8]")))
    )
    assert does_as_much(given, (cast, added), (added, moved, cast))
    assert not does_as_much(given, (cast, moved), (added, cast))
    filled = next(iter(BY_NAME["pad"].propose(given, parse_spec("float64[8, 12]"))))
    assert not does_as_much(given, (filled,), (filled, moved)), "fewer values are moved before they are filled up"
