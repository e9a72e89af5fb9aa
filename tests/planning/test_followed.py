from __future__ import annotations

import itertools
import runpy
from pathlib import Path

import numpy as np
import pytest

from sigcheck.planning.followed import Course, follow_steps
from sigcheck.sizes.expression import Expression, Variable, variable
from sigcheck.sizes.substitution import evaluate
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.array import Array, GuardError
from sigcheck.verification.value_cases import NoValuesError, value_cases

_CASES = runpy.run_path(str(Path(__file__).parents[1] / "transforms" / "conftest.py"))


def steps_of(name):
    cases = runpy.run_path(str(Path(__file__).parents[1] / "transforms" / f"test_{name}.py"))["CASES"]
    found = [one for case in cases for one in _CASES["proposals"](name, case)]
    return [one for one in found if one.spec.kind == one.step.result.kind == "dense" and one.spec.shape is not None]


@pytest.mark.parametrize("name", BY_NAME)
def test_sizes_are_followed_as_the_reference_of_a_step_makes_them(name):
    """Of every step of the catalog: no expression is another number than a run gives."""
    told = set()
    for spec, required, step in steps_of(name):
        if (str(spec.shape), str(step)) in told or required.shape is None:
            continue
        told.add((str(spec.shape), str(step)))
        sizes = [variable(f"v{axis}") if size is None else size for axis, size in enumerate(spec.shape)]
        found = follow_steps(Course(sizes), spec, [step]).sizes
        try:
            cases = list(itertools.islice(value_cases(spec, [required.shape, step.result.shape or ()]), 4))
        except NoValuesError:
            continue
        for case in cases:
            try:
                with np.errstate(all="ignore"):
                    made = BY_NAME[name].reference(spec, step, case.value)
            except (GuardError, ValueError, OverflowError, TypeError):
                continue
            assert isinstance(made, np.ndarray | Array | np.generic)
            at = {Variable(f"v{axis}"): size for axis, size in enumerate(case.shape)}
            values = [evaluate(one, at) if isinstance(one, Expression) else one for one in found or made.shape]
            assert all(one in {None, size} for one, size in zip(values, made.shape, strict=True)), (spec, step)
