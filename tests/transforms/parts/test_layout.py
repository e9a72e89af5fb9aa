from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts, Quantization
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Atom
from sigcheck.transforms.parts.layout import batch_axis, facts_moved, forgets, whole_axes


def spec_of(text, **facts):
    return parse_spec(text).replace(facts=Facts(**facts))


@pytest.mark.parametrize(
    ("layout", "wanted", "names"),
    [
        (whole_axes([[1], [0]]), ("a", "b"), ("b", "a")),
        (whole_axes([[0], [], [1]]), ("a", "new", "b"), ("a", "new", "b")),
        (whole_axes([[0], [], [1]]), ("a", "b", "c"), None),
        (whole_axes([[0, 1]]), ("c",), (None,)),
        (whole_axes([[0, 1]]), ("a",), None),
        (whole_axes([[0]]), ("a", "b"), None),
        (whole_axes([[0]]), ("a",), ("a",)),
        (((Atom(0, 2, 2),), (Atom(0, 2, 1),), (Atom(1),)), ("c", "d", "b"), (None, None, "b")),
        (((Atom(0, 2, 2),), (Atom(0, 2, 1),), (Atom(1),)), ("a", "d", "b"), None),
    ],
)
def test_a_name_that_the_consumer_has_stays_with_its_axis(layout, wanted, names):
    facts = facts_moved(spec_of("int32[4, 3]", axes=("a", "b")), layout, Facts(axes=wanted))
    if names is None:
        assert facts is None or (None in facts.axes and not forgets(("a", "b"), facts.axes, Facts(axes=wanted)))
    else:
        assert facts.axes == names


def test_what_is_merged_or_split_takes_the_required_name_where_it_is_lined_up():
    spec = spec_of("int32[4, 3]", axes=("a", "b"))
    assert facts_moved(spec, whole_axes([[0, 1]]), Facts(axes=("c",)), is_lined_up=True).axes == ("c",)
    parts = ((Atom(0, 2, 2),), (Atom(0, 2, 1),), (Atom(1),))
    assert facts_moved(spec, parts, Facts(axes=("c", "d", "b")), is_lined_up=True).axes == ("c", "d", "b")


@pytest.mark.parametrize("wanted", ["batch", "height", "channel"])
def test_rows_of_a_picture_become_no_axis_that_is_known_to_be_another(wanted):
    spec = spec_of("int32[4, 3]", axes=("height", "width"))
    assert facts_moved(spec, whole_axes([[0, 1]]), Facts(axes=(wanted,)), is_lined_up=True) is None


@pytest.mark.parametrize(("axis", "expected"), [(-2, 0), (1, 0), (-1, 1), (2, 1)])
def test_a_quantized_axis_is_counted_in_the_rank_it_was_declared_for(axis, expected):
    numbers = Quantization(scale=(1.0, 10.0, 100.0), zero_point=(0, 0, 0), axis=axis)
    facts = facts_moved(spec_of("uint8[1, 3, 3]", quantization=numbers), whole_axes([[1], [2]]), Facts())
    assert facts.quantization.axis == expected


def test_the_last_axis_may_be_the_one_that_goes():
    numbers = Quantization(scale=(1.0, 10.0, 100.0), zero_point=(0, 0, 0), axis=-2)
    facts = facts_moved(spec_of("uint8[3, 3, 1]", quantization=numbers), whole_axes([[0], [1]]), Facts())
    assert facts.quantization.axis == 1


@pytest.mark.parametrize(
    ("text", "axes", "expected"),
    [
        ("int32[?, 8]", None, 0),
        ("int32[4, 8]", None, None),
        ("int32[4, 8]", ("batch", "time"), 0),
        ("int32[8, ?]", ("feature", "batch"), 1),
        ("int32[?, 8]", ("clip", "time"), 0),
        ("int32[?, 8]", ("time", "channel"), None),
        ("int32[?, 8]", (None, "channel"), 0),
        ("int32[]", None, None),
    ],
)
def test_the_batch_is_what_is_named_so_or_first_and_open(text, axes, expected):
    assert batch_axis(spec_of(text, axes=axes)) == expected
