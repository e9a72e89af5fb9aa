from __future__ import annotations

from sigcheck.schema.notation import parse_sized
from sigcheck.schema.signature import Endpoint
from sigcheck.sizes.stated import Stated
from sigcheck.verification.model_inputs import SIZES, input_cases
from sigcheck.verification.taken_sizes import taken_shapes


def endpoint(text, name="x"):
    spec, sizes = parse_sized(text)
    return Endpoint(name=name, spec=spec, sizes=sizes)


def taken(inputs, *demands, wanted=((3, 5), (2, 32))):
    return taken_shapes(inputs, [Stated.of(one) for one in demands], wanted)


def test_the_next_sizes_that_meet_all_demands_are_fed():
    image = endpoint("float32[batch, h, 2*w, ?]")
    assert taken([image], "h % 8 == 0", "w >= 7") == ({"x": (3, 8, 14, None)}, {"x": (2, 32, 64, None)})


def test_of_what_is_bounded_the_largest_is_fed():
    assert taken([endpoint("float32[batch, t]")], "t <= 4") == ({"x": (3, 4)}, {"x": (2, 4)})


def test_sizes_that_must_be_one_are_fed_alike():
    pair = [endpoint("float32[batch, h]"), endpoint("float32[batch, w]", "y")]
    assert taken(pair, "h % 4 == 0", "h == w")[0] == {"x": (3, 8), "y": (3, 8)}


def test_where_none_is_found_what_is_wanted_is_fed_as_it_is():
    assert taken([endpoint("float32[batch, h]")], "h % 2 == 0 and h % 2 == 1") == ({}, {})


def test_inputs_are_made_of_these_shapes():
    image = endpoint("float32[batch, h, ?]")
    cases = list(input_cases([image], taken([image], "h % 8 == 0", wanted=SIZES)))
    assert [case.shapes["x"][1] for case in cases] == [8, 8, 32, 16, 224]
    assert [case.shapes["x"][2] for case in cases] == [5, 8, 32, 16, 224]
