"""Plans as references run them: a binding of one output, fed to the functions that take bindings."""

from __future__ import annotations

from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding
from sigcheck.verification.precision import measure_binding
from sigcheck.verification.reference import allowed_of_binding, run_binding


def bound(spec, steps):
    """A binding whose plan has these steps."""
    plan = Plan(steps=tuple(steps))
    end = plan.steps[-1].result if plan.steps else spec
    return Binding(provided="a", required="x", verdict="adapts", provided_spec=spec, required_spec=end, plan=plan)


def run_plan(catalog, spec, steps, value):
    """The value after all steps."""
    return run_binding(catalog, bound(spec, steps), {"a": value})


def allowed_difference(catalog, spec, steps, value, expected):
    """For each value of the result, by how much it may differ; None where it must be equal."""
    return allowed_of_binding(catalog, bound(spec, steps), {"a": value}, expected)


def measure_precision(catalog, spec, steps, value, actual):
    """The error of an adapter's result."""
    return measure_binding(catalog, bound(spec, steps), {"a": value}, actual)
