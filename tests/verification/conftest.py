from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms import BY_NAME
from sigcheck.verification.job import Job


def _job(provided, required, steps=(), *, body=None, provided_facts=None, required_facts=None, gives="x"):
    """The job of one binding of `a` to `x`: named steps as their transforms propose them, or another body."""
    start = parse_spec(provided).replace(facts=Facts(**provided_facts or {}))
    goal = parse_spec(required).replace(facts=Facts(**required_facts or {}))
    lines, taken, spec = ['v = outputs["a"]'], [], start
    for name, arguments in steps:
        step = next(step for step in BY_NAME[name].propose(spec, goal) if arguments.items() <= step.arguments.items())
        code = BY_NAME[name].emit(spec, step, "v")
        lines += [*code.lines, f"v = {code.expression}"]
        taken.append(step)
        spec = step.result
    lines = ["import tensorflow as tf", *(lines if body is None else [lines[0], *body]), f'return {{"{gives}": v}}']
    binding = Binding(
        provided="a",
        required="x",
        verdict="adapts",
        provided_spec=start,
        required_spec=goal,
        plan=Plan(steps=tuple(taken)),
    )
    return Job(
        source="def adapt(outputs):\n" + "".join(f"    {line}\n" for line in lines),
        provided=(Endpoint(name="a", spec=start),),
        required=(Endpoint(name="x", spec=goal),),
        bindings=(binding,),
    )


@pytest.fixture
def make_job():
    return _job
