from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.array import GuardError
from sigcheck.verification.comparison import find_difference
from sigcheck.verification.reference import UndefinedCaseError
from tests.verification.plans import allowed_difference, run_plan

PRESSURE = parse_spec("float32[?]").replace(facts=Facts(range=(30_000, 110_000)))


def plan(spec, required, *names):
    steps = []
    for name in names:
        steps.append(next(iter(BY_NAME[name].propose(spec, required))))
        spec = steps[-1].result
    return steps


def to_unit(dtype):
    return plan(PRESSURE, parse_spec(f"{dtype}[?]").replace(facts=Facts(range=(0, 1))), "scale", "cast")


def test_steps_run_one_after_another():
    result = run_plan(BY_NAME, PRESSURE, to_unit("float16"), np.asarray([30_000, 70_000, 110_000], np.float32))
    np.testing.assert_array_equal(result, np.asarray([0, 0.5, 1], np.float16))


def test_a_plan_that_loses_nothing_allows_no_difference():
    spec = parse_spec("float32[?]")
    steps = plan(spec, parse_spec("float64[?]"), "cast")
    value = np.ones(3, np.float32)
    assert allowed_difference(BY_NAME, spec, steps, value, run_plan(BY_NAME, spec, steps, value)) is None


def test_what_is_allowed_follows_the_precision_of_each_step():
    value = np.linspace(30_000, 110_000, 64, dtype=np.float32)
    steps = to_unit("float16")
    allowed = allowed_difference(BY_NAME, PRESSURE, steps, value, run_plan(BY_NAME, PRESSURE, steps, value))
    # Four units of float16 at 1.0, and near 0 only what four units of float32 at 30000 become.
    assert allowed[-1] == pytest.approx(4 * 2**-10, rel=0.3)
    assert allowed[0] < 1e-5


def test_scaling_after_the_cast_is_beyond_what_is_allowed():
    value = np.linspace(30_000, 60_000, 64, dtype=np.float32)
    steps = to_unit("float16")
    expected = run_plan(BY_NAME, PRESSURE, steps, value)
    allowed = allowed_difference(BY_NAME, PRESSURE, steps, value, expected)
    cast_first = (value.astype(np.float16) - np.float16(30_000)) / np.float16(60_000)
    assert (np.abs(cast_first.astype(float) - expected.astype(float)) > allowed).any()


def to_int(dtype):
    return Step(transform="cast", arguments={"dtype": dtype}, result=parse_spec(f"{dtype}[?]"), loss="truncating")


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("int32", np.nan),
        ("int32", np.inf),
        ("int32", 2.0**31),
        ("int32", -(2.0**31) - 1),
        ("int64", 2.0**63),
        ("uint8", -1.0),
        ("uint8", 256.0),
    ],
)
def test_a_float_beyond_an_integers_limits_is_undefined(dtype, value):
    with pytest.raises(UndefinedCaseError):
        run_plan(BY_NAME, parse_spec("float64[?]"), [to_int(dtype)], np.asarray([value]))


@pytest.mark.parametrize(("dtype", "value"), [("int32", 2.0**31 - 1), ("uint8", 255.9), ("uint8", -0.9)])
def test_a_float_within_an_integers_limits_is_cut(dtype, value):
    result = run_plan(BY_NAME, parse_spec("float64[?]"), [to_int(dtype)], np.asarray([value]))
    assert result.tolist() == [int(value)]


def test_a_guard_that_does_not_hold_is_told():
    spec = parse_spec("int64[?]")
    steps = plan(spec, parse_spec("int32[?]"), "cast")
    with pytest.raises(GuardError):
        run_plan(BY_NAME, spec, steps, np.asarray([2**31]))


def test_what_softmax_leaves_open_in_a_row_with_nan_may_be_anything_and_nothing_else_may():
    logits = parse_spec("float32[?, 4]").replace(facts=Facts(meaning="logits"))
    steps = plan(logits, logits.replace(facts=Facts(meaning="probabilities")), "activation")
    value = np.array([[0, 1, 2, 3], [0, np.nan, 2, 3], [0, 1, -np.inf, 3]], np.float32)
    expected = run_plan(BY_NAME, logits, steps, value)
    allowed = allowed_difference(BY_NAME, logits, steps, value, expected)
    np.testing.assert_array_equal(np.isinf(allowed), [[False] * 4, [True] * 4, [False] * 4])
    found = expected.copy()
    found[1] = [0, np.nan, 0, 0.5]
    assert find_difference(expected, found, allowed) is None
    found[0, 0] = np.nan
    assert "nan at [0, 0]" in find_difference(expected, found, allowed)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_softmax_of_half_precision_is_computed_in_float32_which_every_processor_has(dtype):
    logits = parse_spec(f"{dtype}[?, 4]").replace(facts=Facts(meaning="logits"))
    (step,) = plan(logits, logits.replace(facts=Facts(meaning="probabilities")), "activation")
    code = BY_NAME["activation"].emit(logits, step, "x")
    assert code.expression == f"tf.cast(tf.nn.softmax(tf.cast(x, tf.float32), axis=1), tf.{dtype})"
