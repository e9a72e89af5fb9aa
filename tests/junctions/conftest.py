from __future__ import annotations

import runpy
from pathlib import Path
from typing import NamedTuple

import pytest

from sigcheck.junctions import JUNCTIONS
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.verification.job import Job


class Case(NamedTuple):
    """What a junction makes of parts: a step for each result."""

    parts: tuple[TensorSpec, ...]
    required: tuple[TensorSpec, ...]
    steps: tuple[Step, ...]


def spec_of(written):
    text, facts = written if isinstance(written, tuple) else (written, {})
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


def join(name, parts, required, axis):
    parts, required = (tuple(map(spec_of, side)) for side in (parts, required))
    return Case(parts, required, JUNCTIONS[name].join(parts, required, axis))


@pytest.fixture
def joined():
    """What a junction makes: `joined(NAME, [parts], [required], axis)`, specs in notation, or with their facts."""
    return join


@pytest.fixture
def found():
    """The cases of the test file of a junction."""

    def found(name):
        cases = runpy.run_path(str(Path(__file__).parent / f"test_{name}.py"))["CASES"]
        return [join(name, *case) for case in cases]

    return found


@pytest.fixture
def make_job():
    """One adapter that has each of the cases on outputs of its own."""

    def build(cases):
        lines, provided, required, bindings = [], [], [], []
        for at, case in enumerate(cases):
            names = [f"a{at}_{number}" for number in range(len(case.parts))]
            provided += [Endpoint(name=name, spec=spec) for name, spec in zip(names, case.parts, strict=True)]
            for number, step in enumerate(case.steps):
                to = f"x{at}_{number}"
                values = [f'outputs["{name}"]' for name in names]
                code = JUNCTIONS[step.transform].emit(case.parts, step, values)
                lines += [*code.lines, f"{to} = {code.expression}"]
                required.append(Endpoint(name=to, spec=step.result))
                parts = tuple(
                    Binding(provided=name, required=to, verdict="fits", provided_spec=spec, required_spec=spec)
                    for name, spec in zip(names, case.parts, strict=True)
                )
                bindings.append(
                    Binding(
                        provided=to,
                        required=to,
                        verdict="adapts",
                        provided_spec=step.result,
                        required_spec=step.result,
                        plan=Plan(),
                        parts=parts,
                        junction=step,
                    )
                )
        lines.append(f"return {{{', '.join(f'{chr(34)}{end.name}{chr(34)}: {end.name}' for end in required)}}}")
        return Job(
            source="\n".join(
                ["import tensorflow as tf", "def adapt(outputs):", *(f"    {line}" for line in lines), ""]
            ),
            provided=tuple(provided),
            required=tuple(required),
            bindings=tuple(bindings),
        )

    return build
