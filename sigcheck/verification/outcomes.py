"""Outcomes: generated values of an adapter's outputs, and what must come of them by the NumPy references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from sigcheck.junctions import JUNCTIONS
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.report import Binding
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Endpoint
from sigcheck.verification.joined_cases import shared_cases
from sigcheck.verification.reference import MAX_RESULT_ELEMENTS, TooLargeError, UndefinedCaseError, values_of
from sigcheck.verification.size_guards import taken_shapes
from sigcheck.verification.trial import Expected, Trial
from sigcheck.verification.value_cases import NoValuesError, ValueCase, value_cases

# All expected results are held at once.
MAX_RESULTS_IN_ALL = 2**23


class Outcome(NamedTuple):
    """Values of provided names, and what each binding fed from them must give; None where a guard refuses."""

    cases: Mapping[str, ValueCase]
    expected: Expected

    def __str__(self) -> str:
        return "; ".join(f"{name}: {case.name}" for name, case in self.cases.items())


class Outcomes(NamedTuple):
    """The outcomes of a group of names, and how many were left out because their results are too large."""

    of: tuple[Outcome, ...]
    left_out: int


def find_outcomes(trial: Trial, group: Sequence[Endpoint]) -> Outcomes:
    """What must come of each generated value, by the NumPy reference; undefined and too large ones are left out.

    A group of several is joined by some binding: their values are made together. Raises NoValuesError where none
    is left.
    """
    names = {endpoint.name for endpoint in group}
    bindings = [binding for binding in trial.job.bindings if names.issuperset(one.name for one in binding.sources)]
    outcomes: list[Outcome] = []
    shapes = trial.lifted([*taken_shapes(bindings), *(shape for binding in bindings for shape in _shapes(binding))])
    numbers = {number for binding in bindings for number in _guarded_numbers(binding)}
    cases: Iterator[Mapping[str, ValueCase]] = (
        _with_agreed(({group[0].name: case} for case in value_cases(group[0].spec, shapes, numbers)), bindings)
        if len(group) == 1
        else trial.joined(group, bindings, shapes, numbers)
    )
    kept = left_out = 0
    for case in cases:
        try:
            expected = trial.expect(bindings, {name: one.value for name, one in case.items()})
        except TooLargeError:
            left_out += 1
            continue
        except UndefinedCaseError:
            continue
        if expected is not None and any(one.is_beyond for one in case.values()):
            # Only a guard has a say in values that no producer gives.
            continue
        count = sum(values_of(tensor).size for tensor in (expected or {}).values())
        if outcomes and kept + count > MAX_RESULTS_IN_ALL:
            left_out += 1
            continue
        kept += count
        outcomes.append(Outcome(case, expected))
    if left_out and not kept:
        # What is left are empty tensors and refusals, which say nothing of values.
        raise NoValuesError(f"every result has more than {MAX_RESULT_ELEMENTS} values")
    if not outcomes:
        raise NoValuesError(f"no value of {', '.join(sorted(names))} has a defined result")
    return Outcomes(tuple(outcomes), left_out)


def _with_agreed(
    cases: Iterator[Mapping[str, ValueCase]], bindings: Sequence[Binding]
) -> Iterator[Mapping[str, ValueCase]]:
    """The cases of one output, and before each such as a junction can take, where it has a say in values."""
    junctions = [one.junction for one in bindings if one.junction is not None]
    for case in cases:
        for step in junctions[:1]:
            ((name, own),) = case.items()
            (value,) = JUNCTIONS[step.transform].agree(step, [own.value])
            if value is not own.value:
                yield {name: replace(own, name=f"agreeing {own.name}", value=value)}
        yield case


def _shapes(binding: Binding) -> list[Shape]:
    """The shapes that the plan leads through: their sizes are those that guards are about."""
    specs = [binding.required_spec, *(step.result for step in binding.steps)]
    return list(dict.fromkeys(spec.shape for spec in specs if spec.shape is not None))


def _guarded_numbers(binding: Binding) -> Iterator[float]:
    """Yields what guards may compare values with: 0, the arguments of guarding steps, and where their dtypes end."""
    for step in binding.steps:
        dtype = DTYPES.get(step.result.dtype or "")
        if step.guard is None or dtype is None:
            continue
        yield 0
        yield from (value for value in step.arguments.values() if type(value) is int)
        yield from (limit for limit in (dtype.lowest, dtype.highest) if limit is not None)
        if dtype.kind == "float":
            # From here on a float does not have every whole number.
            yield 1 << dtype.digits


def put_together(outcomes: Sequence[Sequence[Outcome]]) -> Iterator[list[Outcome]]:
    """Yields cases of all groups: first those that every guard lets through, then one refused at a time.

    One refusal stops the whole adapter, so that two at once would hide each other.
    """
    passed = [[one for one in of if one.expected is not None] for of in outcomes]
    if all(passed):
        longest = max(map(len, passed))
        for index in range(longest):
            yield [of[index % len(of)] for of in passed]
    usual = [(good or of)[0] for good, of in zip(passed, outcomes, strict=True)]
    for at, of in enumerate(outcomes):
        yield from ([*usual[:at], one, *usual[at + 1 :]] for one in of if one.expected is None)


def of_one_batch(trial: Trial) -> Iterator[Outcome]:
    """Yields values of all outputs together, as many examples in each, as one call of the consumer gets them."""
    for cases in shared_cases(trial.job.used, trial.job.bindings):
        with suppress(TooLargeError, UndefinedCaseError):
            yield Outcome(cases, trial.expect(trial.job.bindings, {name: one.value for name, one in cases.items()}))
