"""Prove: have an adapter traced and run on generated tensors, and compare with what its plan means.

The judge: it imports no TensorFlow and executes no adapter. What runs it, in another process or
here, gives tensors only, so that whatever an adapter's code says of itself, its values are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

from sigcheck.planning.batch import shared_axis
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.report import Binding, Failure, Verification
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import Shape
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor
from sigcheck.transforms.parts.transform import Transform
from sigcheck.verification.counterexample import write_counterexample
from sigcheck.verification.job import Job, Progress, WorkerLevel
from sigcheck.verification.joined_cases import group_joined, joined_cases, shared_cases
from sigcheck.verification.precision import Precision
from sigcheck.verification.reference import MAX_RESULT_ELEMENTS, TooLargeError, UndefinedCaseError, values_of
from sigcheck.verification.runner import AdapterError, Runner, Traced
from sigcheck.verification.shrink import shrink
from sigcheck.verification.size_guards import taken_shapes
from sigcheck.verification.trial import Expected, Problem, Trial
from sigcheck.verification.value_cases import NoValuesError, ValueCase, value_cases

# After so many failures more of the same tell nothing new.
MAX_FAILURES = 5
# All expected results are held at once.
MAX_RESULTS_IN_ALL = 2**23
# So many of them are shrunk, which takes seconds.
MAX_SHRUNK = 2


class _Outcome(NamedTuple):
    """Values of provided names, and what each binding fed from them must give; None where a guard refuses."""

    cases: Mapping[str, ValueCase]
    expected: Expected

    def __str__(self) -> str:
        return "; ".join(f"{name}: {case.name}" for name, case in self.cases.items())


class _Outcomes(NamedTuple):
    """The outcomes of a group of names, and how many were left out because their results are too large."""

    of: tuple[_Outcome, ...]
    left_out: int


def _say_nothing(*_: object) -> None:
    """Progress that nobody follows."""


def prove(
    job: Job, level: WorkerLevel, catalog: Mapping[str, Transform], runner: Runner, progress: Progress = _say_nothing
) -> Verification:
    """Verifies one adapter up to the level; every way in which it can fail becomes a failure of the result.

    An adapter that was executed without a failure is run between the job's models, where it has
    some. What ends the runner itself is raised as it raises it.
    """
    progress("typed", "tracing", 0)
    try:
        traced = runner.trace(job)
    except AdapterError as error:
        failure = Failure(binding=job.place, case="tracing with the provided specs", message=str(error))
        return Verification(level="typed", failures=(failure,))
    failures = tuple(_mistyped(job, traced))
    if failures or level == "traced":
        return Verification(level="traced", failures=failures)
    trial = Trial(job, runner, catalog)
    groups = group_joined(job.used, job.bindings)
    try:
        outcomes = [_outcomes(trial, group) for group in groups]
    except NoValuesError as error:
        return Verification(level="traced", reason=f"not executed: {error}")
    shared = list(_of_one_batch(trial)) if len(groups) > 1 else []
    verification = _execute(trial, [one.of for one in outcomes], shared, progress)
    if left_out := sum(one.left_out for one in outcomes):
        told = f"{left_out} more cases were not run: their results are too large together"
        verification = verification.model_copy(
            update={"reason": f"{verification.reason}; {told}" if verification.reason else told}
        )
    if job.models is None or verification.failures:
        return verification
    from sigcheck.verification.end_to_end import run_end_to_end

    return run_end_to_end(trial, job.models, verification, progress)


def prove_case(
    job: Job, values: Mapping[str, Tensor], catalog: Mapping[str, Transform], runner: Runner
) -> Verification:
    """Runs the job's adapter on these values alone, by provided name, and compares.

    The traced types are not looked at: the values are what matters here.
    """
    case = "the given tensors"
    trial = Trial(job, runner, catalog)
    try:
        runner.trace(job)
        expected = trial.expect(job.bindings, values)
    except AdapterError as error:
        failure = Failure(binding=job.place, case="tracing with the provided specs", message=str(error))
        return Verification(level="typed", failures=(failure,))
    except UndefinedCaseError as error:
        return Verification(level="traced", reason=f"not executed: {error}")
    tried = trial.run(values, expected)
    failures = [Failure(binding=place, case=case, message=message) for place, message in tried.problems]
    return _measured(Verification(level="executed", cases=1, failures=tuple(failures)), tried.precision)


def _mistyped(job: Job, traced: Traced) -> Iterator[Failure]:
    """Yields a failure for each required input that the traced outputs do not feed."""
    case = "tracing with the provided specs"
    if traced.outputs is None:
        message = f"it gives a {traced.kind}, expected a dict from required names to tensors"
        yield Failure(binding=job.place, case=case, message=message)
        return
    for endpoint in job.required:
        if endpoint.name not in traced.outputs:
            if not endpoint.optional:
                yield Failure(binding=endpoint.name, case=case, message=f"it gives no {endpoint.name!r}")
            continue
        given = traced.outputs[endpoint.name]
        if given.spec is None:
            yield Failure(binding=endpoint.name, case=case, message=f"it gives no tensor: {given.problem}")
        elif not given.spec.is_subtype_of(endpoint.spec):
            yield Failure(binding=endpoint.name, case=case, message=f"it gives {given.spec}, expected {endpoint.spec}")
        elif not given.is_taken:
            message = f"it gives {given.spec}, which TensorFlow does not take for {endpoint.spec}"
            yield Failure(binding=endpoint.name, case=case, message=message)
    for name in traced.outputs.keys() - {endpoint.name for endpoint in job.required}:
        yield Failure(binding=name, case=case, message=f"it gives {name!r}, which is no input of the consumer")


def _outcomes(trial: Trial, group: Sequence[Endpoint]) -> _Outcomes:
    """What must come of each generated value, by the NumPy reference; undefined and too large ones are left out.

    A group of several is joined by some binding: their values are made together.
    """
    names = {endpoint.name for endpoint in group}
    bindings = [binding for binding in trial.job.bindings if names.issuperset(one.name for one in binding.sources)]
    outcomes: list[_Outcome] = []
    shapes = [*taken_shapes(bindings), *(shape for binding in bindings for shape in _shapes(binding))]
    numbers = {number for binding in bindings for number in _guarded_numbers(binding)}
    cases: Iterator[Mapping[str, ValueCase]] = (
        ({group[0].name: case} for case in value_cases(group[0].spec, shapes, numbers))
        if len(group) == 1
        else joined_cases(group, bindings, shapes, numbers)
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
        outcomes.append(_Outcome(case, expected))
    if left_out and not kept:
        # What is left are empty tensors and refusals, which say nothing of values.
        raise NoValuesError(f"every result has more than {MAX_RESULT_ELEMENTS} values")
    if not outcomes:
        raise NoValuesError(f"no value of {', '.join(sorted(names))} has a defined result")
    return _Outcomes(tuple(outcomes), left_out)


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


def _together(outcomes: Sequence[Sequence[_Outcome]]) -> Iterator[list[_Outcome]]:
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


def _of_one_batch(trial: Trial) -> Iterator[_Outcome]:
    """Yields values of all outputs together, as many examples in each, as one call of the consumer gets them."""
    for cases in shared_cases(trial.job.used, trial.job.bindings):
        with suppress(TooLargeError, UndefinedCaseError):
            yield _Outcome(cases, trial.expect(trial.job.bindings, {name: one.value for name, one in cases.items()}))


def _unequal_batches(job: Job, outcome: _Outcome) -> Problem | None:
    """What is wrong where the inputs of the consumer do not get as many examples as one another."""
    counts: dict[str, int] = {}
    for binding in job.bindings:
        axis, made = shared_axis(binding.required_spec), (outcome.expected or {}).get(binding.required)
        if axis is not None and made is not None:
            count = _size_of(made, axis)
            counts |= {} if count is None else {binding.required: count}
    if len(set(counts.values())) <= 1:
        return None
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    return Problem(job.place, f"of one batch the inputs get different numbers of examples: {told}")


def _size_of(tensor: Tensor, axis: int) -> int | None:
    """The size of the axis; None of a ragged one behind the first."""
    if isinstance(tensor, RaggedArray):
        return len(tensor.row_splits[0]) - 1 if axis == 0 else None
    return int(tensor.dense_shape[axis] if isinstance(tensor, SparseArray) else tensor.shape[axis])


def _execute(
    trial: Trial, outcomes: Sequence[Sequence[_Outcome]], shared: Sequence[_Outcome], progress: Progress
) -> Verification:
    failures: list[Failure] = []
    precision: Precision | None = None
    done = refused = 0
    for together in chain(_together(outcomes), ([one] for one in shared)):
        case = "; ".join(map(str, together))
        progress("traced", case, done)
        expected = _joined([outcome.expected for outcome in together])
        values = {name: one.value for outcome in together for name, one in outcome.cases.items()}
        tried = trial.run(values, expected)
        unequal = [one for of in together if of in shared and (one := _unequal_batches(trial.job, of)) is not None]
        failures += [Failure(binding=one.place, case=case, message=one.message) for one in unequal]
        for problem in tried.problems:
            found = Failure(binding=problem.place, case=case, message=problem.message)
            failures.append(_shrunk(trial, values, problem, found) if len(failures) < MAX_SHRUNK else found)
        precision = precision if tried.precision is None else tried.precision.joined(precision)
        done += 1
        refused += expected is None
        if len(failures) >= MAX_FAILURES:
            break
    reason = None
    if refused == done:
        reason = "the guards refused every generated value, so that no result was compared"
    cases = {name: [one.cases[name] for one in of] for of in outcomes for name in of[0].cases}
    return _measured(
        Verification(
            level="executed",
            cases=done,
            failures=tuple(failures[:MAX_FAILURES]),
            reason=reason,
            sizes={name: tuple(sorted({case.shape for case in of})) for name, of in cases.items()},
            seeds=tuple(sorted({case.seed for of in cases.values() for case in of})),
        ),
        precision,
    )


def _joined(expected: Sequence[Expected]) -> Expected:
    """What all bindings must give together; None where a guard of any refuses."""
    joined: dict[str, Tensor] = {}
    for one in expected:
        if one is None:
            return None
        joined.update(one)
    return joined


def _shrunk(trial: Trial, values: Mapping[str, Tensor], problem: Problem, failure: Failure) -> Failure:
    """The failure with the smallest tensors on which the same binding fails."""
    specs = {endpoint.name: endpoint.spec for endpoint in trial.job.provided if endpoint.name in values}

    def is_failing(tried: Mapping[str, Tensor]) -> bool:
        try:
            problems = trial.run(tried, trial.expect(trial.job.bindings, tried)).problems
        except UndefinedCaseError:
            return False
        return any(one.place == problem.place for one in problems)

    smallest = shrink(values, specs, is_failing)
    return failure.model_copy(update={"counterexample": write_counterexample(smallest, specs)})


def _measured(verification: Verification, precision: Precision | None) -> Verification:
    if precision is None:
        return verification
    return verification.model_copy(
        update={"max_abs_error": precision.absolute, "max_rel_error": precision.relative},
    )
