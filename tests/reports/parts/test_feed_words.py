from __future__ import annotations

import pytest

from sigcheck.reports.parts.feed_words import feed_words
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.feed import Feed
from sigcheck.schema.notation import parse_sized
from sigcheck.schema.signature import Endpoint


def words(inputs, *holds):
    ends = []
    for name, text in inputs.items():
        spec, sizes = parse_sized(text)
        ends.append(Endpoint(name=name, spec=spec, sizes=sizes))
    constraints = tuple(Constraint(holds=one, because=(), tier="proved") for one in holds)
    return feed_words(Feed(inputs=tuple(ends), constraints=constraints))


@pytest.mark.parametrize(
    ("holds", "said"),
    [
        ("height == 3", "of 3"),
        ("height <= 9 and height >= 2", "at most 9 and at least 2"),
        ("height % 4 == 3", "3 more than a multiple of 4"),
        ("height % 4 == 0 or height % 4 == 1", "a multiple of 4 or 1 more"),
        ("height % 4 == 0 or height % 4 == 1 or height % 4 == 2", "a multiple of 4 or up to 2 more"),
        # For what there are no words it stands as it is, whole.
        ("height % 4 == 0 or height % 4 == 2", "such that height % 4 == 0 or height % 4 == 2"),
        ("height % 4 == 0 or height % 8 == 1", "such that height % 4 == 0 or height % 8 == 1"),
        ("height >= 2 and height != 3", "such that height >= 2 and height != 3"),
        ("min(height, 3) == 2", "such that min(height, 3) == 2"),
    ],
)
def test_what_is_demanded_of_a_size_is_said(holds, said):
    assert words({"image": "float32[batch, height, width, 3]"}, holds) == [f"`image` with height {said}"]


def test_what_is_demanded_of_the_next_size_too_is_not_repeated():
    demands = ("height % 8 == 0", "height >= 20", "width % 8 == 0", "width >= 20", "height == 2*width")
    assert words({"image": "float32[batch, height, width, 3]"}, *demands) == [
        "`image` with height a multiple of 8 and at least 20, width likewise",
        "sizes of which height == 2*width",
    ]


def test_inputs_of_one_size_are_named_together_but_for_the_batch():
    assert words({"a": "int32[batch, a.1]", "b": "int32[batch, a.1]"}, "a.1 % 2 == 0") == [
        "`a` with axis 1 a multiple of 2",
        "`a` and `b` with one axis 1",
    ]
