"""Prove: have an adapter traced and run on generated tensors, and compare with what its plan means.

The judge: it imports no TensorFlow and executes no adapter. What runs it, in another process or
here, gives tensors only, so that whatever an adapter's code says of itself, its values are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from sigcheck.planning.batch import shared_axis
from sigcheck.schema.report import Failure, Verification
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor
from sigcheck.transforms.parts.transform import Transform
from sigcheck.verification.counterexample import write_counterexample
from sigcheck.verification.job import Job, Progress, WorkerLevel
from sigcheck.verification.joined_cases import group_joined
from sigcheck.verification.outcomes import Outcome, find_outcomes, of_one_batch, put_together
from sigcheck.verification.precision import Precision
from sigcheck.verification.reference import UndefinedCaseError
from sigcheck.verification.row_trial import trial_of
from sigcheck.verification.runner import AdapterError, Runner, Traced
from sigcheck.verification.shrink import shrink
from sigcheck.verification.trial import Expected, Problem, Trial
from sigcheck.verification.value_cases import NoValuesError

# After so many failures more of the same tell nothing new.
MAX_FAILURES = 5
# So many of them are shrunk, which takes seconds.
MAX_SHRUNK = 2


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
    trial = trial_of(job)(job, runner, catalog)
    # Rows of several outputs go together.
    groups = group_joined(job.used, job.bindings) if job.rows is None else [job.used]
    try:
        outcomes = [find_outcomes(trial, group) for group in groups]
    except NoValuesError as error:
        return Verification(level="traced", reason=f"not executed: {error}")
    shared = list(of_one_batch(trial)) if len(groups) > 1 else []
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
    trial = trial_of(job)(job, runner, catalog)
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


def _unequal_batches(job: Job, outcome: Outcome) -> Problem | None:
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
    trial: Trial, outcomes: Sequence[Sequence[Outcome]], shared: Sequence[Outcome], progress: Progress
) -> Verification:
    failures: list[Failure] = []
    precision: Precision | None = None
    done = refused = 0
    for together in chain(put_together(outcomes), ([one] for one in shared)):
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
