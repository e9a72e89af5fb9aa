from __future__ import annotations

import pytest

from sigcheck.planning.axis_ways import names_of_moved, names_of_pictures, names_of_rows
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec


def told(ways):
    return [{one.side: one.value for one in way} for way in ways]


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]", ("batch,height,width,channel", "batch,channel,height,width")),
        ("float32[8, 8, 3]", "float32[8, 8]", ("height,width,channel", "height,width")),
        # No size that channels have, and none that rows of numbers have.
        ("float32[?, 8, 8, 5]", "float32[?, 5, 8, 8]", None),
        ("float32[?, 3]", "float32[?, 3]", None),
    ],
)
def test_axes_are_those_of_pictures_where_a_size_is_of_channels(given, wanted, expected):
    ways = told(names_of_pictures(parse_spec(given), parse_spec(wanted)))
    assert ways == ([] if expected is None else [dict(zip(("producer", "consumer"), expected, strict=True))])


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("float32[?, 8, 5]", "float32[?, 5, 8]", [{"producer": "a,b,c", "consumer": "a,c,b"}]),
        ("float32[3, 5]", "float32[3, 8, 5]", [{"producer": "a,c", "consumer": "a,b,c"}]),
        ("float32[?, 5]", "float32[?, 5]", []),
        ("float32[?, 5]", "float32[8, 9, 4]", []),
    ],
)
def test_axes_that_moved_or_that_one_side_has_alone_are_named(given, wanted, expected):
    assert told(names_of_moved(parse_spec(given), parse_spec(wanted))) == expected


def test_rows_of_entries_are_named_where_they_are_filled_up():
    rows, wanted = parse_spec("float32[?, 9, 4]"), parse_spec("float32[?, 12, 4]")
    filled = rows.replace(facts=Facts(padding=Padding(value=0)))
    assert told(names_of_rows(filled, wanted)) == [{"producer": "batch,time,channel"}]
    assert told(names_of_rows(rows, wanted)) == []
