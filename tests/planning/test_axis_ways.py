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
        # One open axis is a batch, and no height.
        ("float32[?, 8, 3]", "float32[?, 8, 8, 3]", None),
        ("float32[8, 8, ?]", "float32[8, 8]", None),
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
        # What is open in front of the longer one is a batch, lest other names hide that it is none of others.
        ("float32[?, 5]", "float32[?, 8, 5]", [{"producer": "b,c", "consumer": "batch,b,c"}]),
        ("float32[?, 5]", "float32[?, 5]", []),
        ("float32[?, 5]", "float32[8, 9, 4]", []),
    ],
)
def test_axes_that_moved_or_that_one_side_has_alone_are_named(given, wanted, expected):
    assert told(names_of_moved(parse_spec(given), parse_spec(wanted))) == expected


@pytest.mark.parametrize(
    ("given", "ours", "wanted", "theirs", "expected"),
    [
        # A turn that is not its own inverse.
        ("float32[4, 5, 6]", None, "float32[6, 4, 5]", ("x", "y", "z"), [{"producer": "y,z,x"}]),
        ("float32[4, 5, 6]", ("x", "y", "z"), "float32[6, 4, 5]", None, [{"consumer": "z,x,y"}]),
        ("float32[8, 5]", ("batch", "feature"), "float32[3, 8, 5]", None, [{"consumer": "a,batch,feature"}]),
        ("float32[8, 5]", ("unit", "feature"), "float32[?, 8, 5]", None, [{"consumer": "batch,unit,feature"}]),
        ("float32[8, 5]", ("unit", None), "float32[3, 8, 5]", None, []),
        ("float32[8, 5]", ("unit", "feature"), "float32[3, 8, 5]", ("a", "unit", "feature"), []),
    ],
)
def test_the_side_that_names_its_axes_names_those_of_the_other(given, ours, wanted, theirs, expected):
    sides = ((given, ours), (wanted, theirs))
    specs = [parse_spec(text).replace(facts=Facts(axes=names)) for text, names in sides]
    assert told(names_of_moved(*specs)) == expected


def test_classes_alone_are_one_of_each_example():
    classes = parse_spec("int32[?]")
    assert len(told(names_of_moved(classes, parse_spec("int32[?, 8]")))) == 1
    declared = classes.replace(facts=Facts(meaning="class_ids"))
    assert told(names_of_moved(declared, parse_spec("int32[?, 8]"))) == []


def test_rows_of_entries_are_named_where_they_are_filled_up():
    rows, wanted = parse_spec("float32[?, 9, 4]"), parse_spec("float32[?, 12, 4]")
    filled = rows.replace(facts=Facts(padding=Padding(value=0)))
    assert told(names_of_rows(filled, wanted)) == [{"producer": "batch,time,channel"}]
    assert told(names_of_rows(rows, wanted)) == []
