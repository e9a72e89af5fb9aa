from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import guard_range
from sigcheck.transforms.parts.array import GuardError

LENGTHS = {"meaning": "lengths", "range": [-1.5, 100]}
CASES = [
    ("int32[?, 3]", "int32[?, 3]", {"meaning": "lengths", "range": [0, 100]}, {"meaning": "lengths", "range": [1, 50]}),
    ("any[?]", "any[?]", {"meaning": "lengths", "range": [0, 1]}, {"meaning": "lengths", "range": [0, 0.5]}),
    *[
        (f"{dtype}[?]", f"{dtype}[?]", LENGTHS, {"meaning": "lengths", "range": [-0.1, 0.7]})
        for dtype in ("float16", "bfloat16", "float32", "float64")
    ],
    ("int64[?]", "int64[?]", {"range": [-(2.0**62), 2.0**62]}, {"range": [-5, 2.0**40]}),
    ("uint8[?]", "uint8[?]", {"range": [0, 255]}, {"range": [0, 99]}),
    ("ragged int32[?, None]", "ragged int32[?, None]", {"range": [0, 255]}, {"range": [3, 99]}),
    ("sparse int32[?, 9]", "sparse int32[?, 9]", {"range": [-5, 255]}, {"range": [-5, 99]}),
]


def test_it_is_a_guard_and_loses_nothing(propose):
    (step,) = propose("guard_range", "int32[?]", "int32[?]", {"range": [0, 255]}, {"range": [0, 99]})
    assert (step.cost.guards, step.loss, step.result.facts.range) == (1, "exact", (0, 99))
    assert step.guard == "every value is from 0 to 99"


def test_ends_of_an_encoding_are_scaled_and_not_guarded(propose):
    assert propose("guard_range", "float32[?]", "float32[?]", {"range": [0, 255]}, {"range": [0, 1]}) == []


def run(dtype, ends, *numbers):
    spec = parse_spec(f"{dtype}[?]").replace(facts=Facts(range=ends))
    return guard_range.reference(spec, guard_range.guarding(spec, ends), np.array(numbers, dtype))


@pytest.mark.parametrize("bad", [0.0, 100.5, np.nan, np.inf])
def test_what_is_out_of_bounds_is_refused(bad):
    with pytest.raises(GuardError, match="not from 1 to 100"):
        run("float32", (1, 100), 50, bad)


def test_an_end_that_the_dtype_cannot_hold_is_taken_outward():
    # What data of another dtype showed: the nearest float32 of each end is within.
    assert len(run("float32", (0.1, 0.7), np.float32(0.1), np.float32(0.7))) == 2
    assert len(run("float16", (-65504, 0.1), -65504, 0.1)) == 2
