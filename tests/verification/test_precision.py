from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import BY_NAME
from sigcheck.verification.precision import Precision
from tests.verification.plans import measure_precision, run_plan

VALUES = np.linspace(-3.0, 3.0, 601, dtype=np.float32)


def steps_to(name, spec, required):
    return [next(iter(BY_NAME[name].propose(spec, required)))]


# A share of half a unit in the last place, which is what correct rounding costs (IEEE 754).
HALF_UNITS = {"float16": 2.0**-11, "bfloat16": 2.0**-8}


@pytest.mark.parametrize("dtype", HALF_UNITS)
def test_a_narrowing_cast_costs_half_a_unit_at_most(dtype):
    spec, required = parse_spec("float32[?]"), parse_spec(f"{dtype}[?]")
    steps = steps_to("cast", spec, required)
    narrow = run_plan(BY_NAME, spec, steps, VALUES)
    found = measure_precision(BY_NAME, spec, steps, VALUES, narrow)
    assert HALF_UNITS[dtype] / 2 < found.relative <= HALF_UNITS[dtype]
    assert found.absolute == np.abs(VALUES.astype(np.float64) - narrow.astype(np.float64)).max()


def test_a_scale_is_measured_against_double_precision():
    spec = parse_spec("float32[?]").replace(facts=Facts(range=(30_000, 110_000)))
    required = parse_spec("float32[?]").replace(facts=Facts(range=(0, 1)))
    steps = steps_to("scale", spec, required)
    values = np.linspace(30_000, 110_000, 997, dtype=np.float32)
    single = run_plan(BY_NAME, spec, steps, values)
    found = measure_precision(BY_NAME, spec, steps, values, single)
    ideal = (values.astype(np.float64) - 30_000) / 80_000
    assert found.absolute == pytest.approx(np.abs(ideal - single).max(), rel=1e-3)
    assert 0 < found.absolute < 1e-6


def test_a_wrong_result_is_measured_as_it_is():
    spec, required = parse_spec("float32[?]"), parse_spec("float16[?]")
    steps = steps_to("cast", spec, required)
    wrong = run_plan(BY_NAME, spec, steps, VALUES) + np.float16(1)
    assert measure_precision(BY_NAME, spec, steps, VALUES, wrong).absolute == pytest.approx(1.0, rel=1e-2)


def test_what_overflows_or_is_nan_does_not_count():
    spec, required = parse_spec("float32[?]"), parse_spec("float16[?]")
    steps = steps_to("cast", spec, required)
    values = np.asarray([1e6, np.nan, np.inf, 0.5, 1e-8], np.float32)
    narrow = run_plan(BY_NAME, spec, steps, values)
    # 1e-8 is below the smallest normal number of float16, of which no share is taken.
    absolute = float(values[4]) - float(narrow[4])
    assert measure_precision(BY_NAME, spec, steps, values, narrow) == Precision(absolute, 0.0)


def test_an_exact_plan_costs_nothing_and_a_string_has_no_numbers():
    spec = parse_spec("float32[?]")
    assert measure_precision(BY_NAME, spec, [], VALUES, VALUES) == Precision(0.0, 0.0)
    text = np.asarray([b"a"], object)
    assert measure_precision(BY_NAME, parse_spec("string[?]"), [], text, text) is None


def test_the_larger_of_each_is_kept():
    assert Precision(1.0, 0.1).joined(Precision(0.5, 0.3)) == Precision(1.0, 0.3)
    assert Precision(1.0, 0.1).joined(None) == Precision(1.0, 0.1)
