"""Prove: trace an adapter, run it on generated tensors, and compare with what its plan means.

Runs in the worker process only: it imports TensorFlow and executes the adapter.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tensorflow as tf

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.report import Binding, Failure, Verification
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import Shape
from sigcheck.transforms.array import Tensor
from sigcheck.transforms.transform import Transform
from sigcheck.verification.counterexample import write_counterexample
from sigcheck.verification.error_text import in_words
from sigcheck.verification.job import Job, Progress, WorkerLevel
from sigcheck.verification.joined_cases import group_joined, joined_cases
from sigcheck.verification.precision import Precision
from sigcheck.verification.reference import UndefinedCaseError
from sigcheck.verification.shrink import shrink
from sigcheck.verification.tensors import type_spec
from sigcheck.verification.trial import Expected, Problem, Trial
from sigcheck.verification.value_cases import NoValuesError, ValueCase, value_cases

# After so many failures more of the same tell nothing new.
MAX_FAILURES = 5
# So many of them are shrunk, which takes seconds.
MAX_SHRUNK = 2


class _Outcome(NamedTuple):
    """Values of provided names, and what each binding fed from them must give; None where a guard refuses."""

    cases: Mapping[str, ValueCase]
    expected: Expected

    def __str__(self) -> str:
        return "; ".join(f"{name}: {case.name}" for name, case in self.cases.items())


class _AdapterError(Exception):
    """The adapter does not do what an adapter must: the message says what it did."""


def prove(job: Job, level: WorkerLevel, catalog: Mapping[str, Transform], progress: Progress) -> Verification:
    """Verifies one adapter up to the level; every way in which it can fail becomes a failure of the result.

    An adapter that was executed without a failure is run between the job's models, where it has some.
    """
    return _prove(job, lambda: _load(job.source), level, catalog, progress)


def prove_function(
    job: Job, adapt: Callable[..., Any], level: WorkerLevel, catalog: Mapping[str, Transform]
) -> Verification:
    """Verifies a function of this process in place of the job's source: what it does to the process, it does."""
    return _prove(job, lambda: adapt, level, catalog, lambda *_: None)


def prove_case(job: Job, values: Mapping[str, Tensor], catalog: Mapping[str, Transform]) -> Verification:
    """Runs the job's adapter on these values alone, by provided name, and compares.

    The traced types are not looked at: the values are what matters here.
    """
    case = "the given tensors"
    try:
        trial = Trial(job, _trace(job, _load(job.source)), catalog)
        expected = trial.expect(job.bindings, values)
    except _AdapterError as error:
        failure = Failure(binding=job.place, case="tracing with the provided specs", message=str(error))
        return Verification(level="typed", failures=(failure,))
    except UndefinedCaseError as error:
        return Verification(level="traced", reason=f"not executed: {error}")
    tried = trial.run(values, expected)
    failures = [Failure(binding=place, case=case, message=message) for place, message in tried.problems]
    return _measured(Verification(level="executed", cases=1, failures=tuple(failures)), tried.precision)


def _prove(
    job: Job,
    load: Callable[[], Callable[..., Any]],
    level: WorkerLevel,
    catalog: Mapping[str, Transform],
    progress: Progress,
) -> Verification:
    progress("typed", "tracing", 0)
    try:
        function = _trace(job, load())
    except _AdapterError as error:
        failure = Failure(binding=job.place, case="tracing with the provided specs", message=str(error))
        return Verification(level="typed", failures=(failure,))
    failures = tuple(_mistyped(job, function.structured_outputs))
    if failures or level == "traced":
        return Verification(level="traced", failures=failures)
    trial = Trial(job, function, catalog)
    try:
        outcomes = [_outcomes(trial, group) for group in group_joined(job.used, job.bindings)]
    except NoValuesError as error:
        return Verification(level="traced", reason=f"not executed: {error}")
    verification = _execute(trial, outcomes, progress)
    if job.models is None or verification.failures:
        return verification
    from sigcheck.verification.end_to_end import run_end_to_end

    return run_end_to_end(trial, job.models, verification, progress)


def _load(source: str) -> Callable[..., Any]:
    # A real file: AutoGraph reads the source of what it traces, and tracebacks show its lines.
    # Each has its own name: the bytecode and lines kept for a file must not be those of the last adapter.
    path = Path(f"adapter_{len(list(Path().glob('adapter_*.py')))}.py").absolute()
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise _AdapterError("its source cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _AdapterError(f"its source does not run: {in_words(error)}") from error
    adapt: Callable[..., Any] | None = getattr(module, "adapt", None)
    if not callable(adapt):
        raise _AdapterError("its source defines no function 'adapt'")
    return adapt


def _trace(job: Job, adapt: Callable[..., Any]) -> Any:
    """The concrete function of the adapter, traced with the provided specs, unknown sizes kept unknown."""
    specs = {endpoint.name: type_spec(endpoint.spec) for endpoint in job.used}
    try:
        return tf.function(adapt, input_signature=[specs]).get_concrete_function()
    except Exception as error:
        raise _AdapterError(f"TensorFlow cannot trace it: {in_words(error)}") from error


def _mistyped(job: Job, outputs: Any) -> Iterator[Failure]:
    """Yields a failure for each required input that the traced outputs do not feed."""
    case = "tracing with the provided specs"
    if not isinstance(outputs, dict):
        message = f"it gives a {type(outputs).__name__}, expected a dict from required names to tensors"
        yield Failure(binding=job.place, case=case, message=message)
        return
    for endpoint in job.required:
        if endpoint.name not in outputs:
            if not endpoint.optional:
                yield Failure(binding=endpoint.name, case=case, message=f"it gives no {endpoint.name!r}")
            continue
        required = type_spec(endpoint.spec)
        try:
            given = tf.type_spec_from_value(outputs[endpoint.name])
        except TypeError as error:
            yield Failure(binding=endpoint.name, case=case, message=f"it gives no tensor: {in_words(error)}")
            continue
        if not given.is_subtype_of(required):
            yield Failure(binding=endpoint.name, case=case, message=f"it gives {given}, expected {required}")
    for name in outputs.keys() - {endpoint.name for endpoint in job.required}:
        yield Failure(binding=name, case=case, message=f"it gives {name!r}, which is no input of the consumer")


def _outcomes(trial: Trial, group: Sequence[Endpoint]) -> list[_Outcome]:
    """What must come of each generated value, by the NumPy reference; undefined ones are left out.

    A group of several is joined by some binding: their values are made together.
    """
    names = {endpoint.name for endpoint in group}
    bindings = [binding for binding in trial.job.bindings if names.issuperset(one.name for one in binding.sources)]
    outcomes = []
    shapes = [shape for binding in bindings for shape in _shapes(binding)]
    numbers = {number for binding in bindings for number in _guarded_numbers(binding)}
    cases: Iterator[Mapping[str, ValueCase]] = (
        ({group[0].name: case} for case in value_cases(group[0].spec, shapes, numbers))
        if len(group) == 1
        else joined_cases(group, bindings, shapes, numbers)
    )
    for case in cases:
        with contextlib.suppress(UndefinedCaseError):
            outcomes.append(_Outcome(case, trial.expect(bindings, {name: one.value for name, one in case.items()})))
    if not outcomes:
        raise NoValuesError(f"no value of {', '.join(sorted(names))} has a defined result")
    return outcomes


def _shapes(binding: Binding) -> list[Shape]:
    """The shapes that the plan leads through: their sizes are those that guards are about."""
    specs = [binding.required_spec, *(step.result for step in binding.steps)]
    return list(dict.fromkeys(spec.shape for spec in specs if spec.shape is not None))


def _guarded_numbers(binding: Binding) -> Iterator[int]:
    """Yields what guards may compare values with: the arguments of guarding steps and the limits of their dtypes."""
    for step in binding.steps:
        dtype = DTYPES.get(step.result.dtype or "")
        if step.guard is not None and dtype is not None and dtype.kind in {"int", "uint"}:
            yield from (int(limit) for limit in (dtype.lowest, dtype.highest) if limit is not None)
            yield from (value for value in step.arguments.values() if type(value) is int)


def _together(outcomes: Sequence[list[_Outcome]]) -> Iterator[list[_Outcome]]:
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


def _execute(trial: Trial, outcomes: Sequence[list[_Outcome]], progress: Progress) -> Verification:
    failures: list[Failure] = []
    precision: Precision | None = None
    done = refused = 0
    for together in _together(outcomes):
        case = "; ".join(map(str, together))
        progress("traced", case, done)
        expected = _joined([outcome.expected for outcome in together])
        values = {name: one.value for outcome in together for name, one in outcome.cases.items()}
        tried = trial.run(values, expected)
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
