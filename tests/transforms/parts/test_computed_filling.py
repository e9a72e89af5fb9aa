from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms.parts.computed_filling import filled_as_computed
from sigcheck.transforms.parts.line import line

TO_SHARES = line([Fraction(1, 255)])
TO_BOTH_SIDES = line([Fraction(2, 255)], [-1])


def filled(text, value, **facts):
    return parse_spec(text).replace(facts=Facts.model_validate({**facts, "padding": {"value": value}}))


def computed(spec, required, given):
    padding = filled_as_computed(spec, spec.replace(facts=required.facts), required, lambda: given).facts.padding
    return None if padding is None else padding.value


@pytest.mark.parametrize(
    ("provided", "given", "value"),
    [
        # As it is required, and exact.
        (filled("float32[?, 3]", 0, range=(0, 255)), TO_SHARES, 0),
        (filled("float32[?, 3]", 0, range=(0, 255)), TO_BOTH_SIDES, -1),
        # No value comes near it.
        (filled("float32[?, 3]", -3, range=(0, 1)), line([2], [1]), -5),
        # One may, and would be taken for it.
        (filled("float32[?, 3]", 0, range=(-1, 1)), line([2], [1]), None),
        (filled("float32[?, 3]", 0), line([2], [1]), None),
        # Bytes are all apart; and of pictures no filling is looked for.
        (filled("uint8[?, 3]", 0, range=(0, 255)), line([2], [1]), 1),
        (filled("float32[?, 4, 4, 3]", 0, range=(-1, 1)), line([2], [1]), 1),
        # Floats have nothing that is exactly so.
        (filled("float32[?, 3]", -383, range=(-128, 127)), line([Fraction(2, 255)], [Fraction(1, 255)]), None),
        (filled("float32[?, 3]", -3, range=(0, 1)), TO_SHARES, None),
        (filled("float32[?, 3]", 0, range=(0, 1)), line([1 / 0.229], [-0.485 / 0.229]), None),
        # As no number it is told from all numbers, and more than any float is nothing.
        (filled("float32[?, 3]", "nan"), TO_SHARES, "nan"),
        (filled("float32[?, 3]", -1e300), line([1e30]), None),
        (filled("float32[?, 3]", 0), line([1, 2]), None),
    ],
)
def test_a_filling_is_known_where_it_can_be_found_by_equality(provided, given, value):
    wanted = 0 if given is TO_SHARES else -1
    assert computed(provided, filled("float32[?, 3]", wanted), given) == value


def test_what_nobody_looks_for_stays_known():
    nobody = parse_spec("float32[?, 3]")
    assert computed(filled("float32[?, 3]", 0, range=(-1, 1)), nobody, line([2], [1])) == 1
    assert computed(filled("float32[?, 3]", -3, range=(0, 1)), nobody, TO_SHARES) == -3 / 255


@pytest.mark.parametrize("size", [6, 9, 12])
@pytest.mark.parametrize("side", ["post", "pre"])
def test_values_that_are_rounded_onto_the_filling_stay_in_their_rows(size, side):
    """1e-9 becomes 0.5 in float32, and so did what filled its row."""
    provided = filled("float32[?, 9]", 0, range=(-1, 1), axes=("batch", "time"))
    facts = {"range": (0, 1), "axes": ("batch", "time"), "padding": {"value": -1, "side": side}}
    required = parse_spec(f"float32[?, {size}]").replace(facts=Facts.model_validate(facts))
    value = np.zeros((1, 9), np.float32)
    value[0, :2] = 1e-9
    made = run(provided, search(provided, required).plan, value)
    assert np.sort(made).tolist() == [[-1] * (size - 2) + [0.5, 0.5]]


def test_a_nearly_equal_filling_is_another():
    """-4 is -6.000000000000001 after the line, and the rows are filled up with -6 behind it."""
    provided = filled("float32[?, 3]", -4, range=(0.1, 1.3), axes=("batch", "time"))
    required = filled("float32[?, 4]", -6, range=(0, 1.7562), axes=("batch", "time"))
    value = np.array([[0.2, -4, -4]], np.float32)
    made = run(provided, search(provided, required).plan, value)
    assert np.count_nonzero(made == -6) == 3
