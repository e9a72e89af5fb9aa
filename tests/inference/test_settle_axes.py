"""The axes that a convolution reads: where its channels are decides, and what it calls the other two does not."""

from __future__ import annotations

import pytest

from sigcheck.inference.settle import settle
from sigcheck.planning.matching import feed
from sigcheck.schema.policy import DEFAULT_POLICY
from tests.inference.test_settle import claim, endpoint

LAST, FIRST = ("batch", "height", "width", "channel"), ("batch", "channel", "height", "width")
SOUND = ("batch", "time", "frequency", "channel")
TURNED = ("batch", "width", "height", "channel")
UNKNOWN = (None, None, None, None)


def answer(axes, sizes, read, taken, *others, infer=True):
    """The verdict, steps and assumptions where a convolution reads so."""
    given = [endpoint("y", sizes=sizes, **({"axes": axes} if axes else {})), *others]
    wanted = endpoint("x", *([claim("axes", read, "convention")] if infer else []), sizes=taken)
    binding = feed(*settle(given, [wanted]), {"y": "x"}, DEFAULT_POLICY).bindings[0]
    plan = binding.plan
    return binding.verdict, *((str(plan), plan.cost.assumptions) if plan is not None else ())


@pytest.mark.parametrize(
    ("axes", "sizes", "read", "taken", "before", "after"),
    [
        (LAST, (None, 8, 8, 3), FIRST, (None, 3, 8, 8), ("adapts", "transpose(perm=[0, 3, 1, 2])", 1), 0),
        (LAST, (None, None, None, 3), FIRST, (None, 3, None, None), ("undecided",), 0),
        (LAST, (None, 8, 8, 8), FIRST, (None, 8, 8, 8), ("fits", "nothing to do", 0), 0),
        (LAST, UNKNOWN, FIRST, UNKNOWN, ("fits", "nothing to do", 0), 0),
    ],
)
def test_where_the_channels_are_settles_the_order(axes, sizes, read, taken, before, after):
    assert answer(axes, sizes, read, taken, infer=False) == before
    assert answer(axes, sizes, read, taken) == ("adapts", "transpose(perm=[0, 3, 1, 2])", after)


@pytest.mark.parametrize("axes", [LAST, TURNED, SOUND])
@pytest.mark.parametrize("sizes", [(None, 8, 8, 3), (None, 8, 9, 3), UNKNOWN])
def test_what_the_other_axes_are_called_is_no_reason_to_move_them(axes, sizes):
    assert answer(axes, sizes, LAST, sizes) == ("fits", "nothing to do", 0)


def test_the_order_of_the_rest_is_kept():
    assert answer(TURNED, UNKNOWN, FIRST, UNKNOWN) == ("adapts", "transpose(perm=[0, 3, 1, 2])", 0)
    assert answer(("batch", "channel", "mel", "time"), (None, 2, 80, 99), LAST, (None, 80, 99, 2)) == (
        "adapts",
        "transpose(perm=[0, 2, 3, 1])",
        0,
    )


@pytest.mark.parametrize(
    ("axes", "sizes", "read", "taken"),
    [
        (TURNED, (None, 9, 8, 3), FIRST, (None, 3, 8, 9)),
        (None, (None, 8, 8, 8), FIRST, (None, 8, 8, 8)),
        (("batch", "height", "width", "feature"), (None, 8, 8, 8), FIRST, (None, 8, 8, 8)),
        (("batch", "height", None, "channel"), (None, 8, 8, 8), FIRST, (None, 8, 8, 8)),
        (("batch", "time", "channel"), (None, 8, 8), FIRST, (None, 8, 8, 8)),
        (LAST, (None, 8, 8, 3), FIRST, (None, 3, 9, 9)),
    ],
)
def test_a_convention_alone_changes_nothing(axes, sizes, read, taken):
    assert answer(axes, sizes, read, taken) == answer(axes, sizes, read, taken, infer=False)


def test_outputs_that_disagree_settle_nothing():
    other = endpoint("z", sizes=(None, 8, 8, 3), axes=TURNED)
    given = (LAST, (None, 8, 8, 8), FIRST, (None, 8, 8, 8))
    assert answer(*given, other) == answer(*given, other, infer=False)
    assert answer(*given, endpoint("z")) == answer(*given)
