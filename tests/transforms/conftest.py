from __future__ import annotations

import runpy
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import ValidationError

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME
from sigcheck.verification.job import Job

# In the notation of a case: every dtype there is.
ANY = "any"


class Proposal(NamedTuple):
    """A step that a transform proposes for a pair of specs."""

    spec: TensorSpec
    required: TensorSpec
    step: Step


def expand(case):
    """The pairs of specs of a case `(provided, required[, facts of the provided[, facts of the required]])`."""
    provided, required, *facts = case
    ours, theirs = (Facts.model_validate(one) for one in (*facts, *[{}] * (2 - len(facts))))
    for dtype in DTYPES if ANY in provided else ("",):
        pair = (parse_spec(text.replace(ANY, dtype)) for text in (provided, required))
        with suppress(ValidationError):  # a fact that the dtype cannot have
            start, goal = (spec.replace(facts=fact) for spec, fact in zip(pair, (ours, theirs), strict=True))
            yield start, goal


def proposals(name, case):
    return [
        Proposal(spec, required, step)
        for spec, required in expand(case)
        for step in BY_NAME[name].propose(spec, required)
    ]


@pytest.fixture
def found():
    """All that a transform proposes for the cases of its test file."""

    def found(name):
        cases = runpy.run_path(str(Path(__file__).parent / f"test_{name}.py"))["CASES"]
        steps = [(case, proposals(name, case)) for case in cases]
        assert [case for case, of in steps if not of] == []
        return [one for _, of in steps for one in of]

    return found


@pytest.fixture
def make_job():
    return job_of


@pytest.fixture
def propose():
    """The steps that a transform proposes, as `propose(NAME, provided, required, facts, facts)`."""
    return lambda name, *case: [found.step for found in proposals(name, case)]


def job_of(found):
    """One adapter that takes each of the steps on a tensor of its own: one trace for all."""
    lines, provided, required, bindings = [], [], [], []
    for at, (spec, _, step) in enumerate(found):
        code = BY_NAME[step.transform].emit(spec, step, f"v{at}")
        lines += [f'v{at} = outputs["a{at}"]', *code.lines, f"x{at} = {code.expression}"]
        provided.append(Endpoint(name=f"a{at}", spec=spec))
        required.append(Endpoint(name=f"x{at}", spec=step.result))
        bindings.append(
            Binding(
                provided=f"a{at}",
                required=f"x{at}",
                verdict="adapts",
                provided_spec=spec,
                required_spec=step.result,
                plan=Plan(steps=(step,)),
            )
        )
    lines.append(f"return {{{', '.join(f'{chr(34)}x{at}{chr(34)}: x{at}' for at in range(len(found)))}}}")
    return Job(
        source="\n".join(["import tensorflow as tf", "def adapt(outputs):", *(f"    {line}" for line in lines), ""]),
        provided=tuple(provided),
        required=tuple(required),
        bindings=tuple(bindings),
    )
