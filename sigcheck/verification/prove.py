"""Prove: trace an adapter, run it on generated tensors, and compare with what its plan means.

Runs in the worker process only: it imports TensorFlow and executes the adapter.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tensorflow as tf

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.report import Binding, Failure, Verification, VerificationLevel
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import Shape
from sigcheck.transforms.array import GuardError, Tensor
from sigcheck.transforms.transform import Transform
from sigcheck.verification.comparison import find_difference
from sigcheck.verification.job import Job, WorkerLevel
from sigcheck.verification.reference import UndefinedCaseError, allowed_difference, run_plan
from sigcheck.verification.tensors import from_tensorflow, to_tensorflow, type_spec
from sigcheck.verification.value_cases import NoValuesError, ValueCase, value_cases

# After so many failures more of the same tell nothing new.
MAX_FAILURES = 5
# A message of TensorFlow can hold a whole graph.
_MAX_MESSAGE = 500
_SURROUNDINGS = re.compile(r"Graph execution error:|Detected at node|File |in user code:|\[\[|\^|Defined at")

# Told at each stage and case, so that a crash can be put down to it: (level reached, case, cases done).
Progress = Callable[[VerificationLevel, str, int], None]


class _Outcome(NamedTuple):
    """A value of one provided name, and what each binding fed from it must give; None where a guard refuses."""

    case: ValueCase
    expected: Mapping[str, Tensor] | None


class _AdapterError(Exception):
    """The adapter does not do what an adapter must: the message says what it did."""


def prove(job: Job, level: WorkerLevel, catalog: Mapping[str, Transform], progress: Progress) -> Verification:
    """Verifies one adapter up to the level; every way in which it can fail becomes a failure of the result."""
    return _prove(job, lambda: _load(job.source), level, catalog, progress)


def prove_function(
    job: Job, adapt: Callable[..., Any], level: WorkerLevel, catalog: Mapping[str, Transform]
) -> Verification:
    """Verifies a function of this process in place of the job's source: what it does to the process, it does."""
    return _prove(job, lambda: adapt, level, catalog, lambda *_: None)


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
    try:
        outcomes = {endpoint.name: _outcomes(job, endpoint, catalog) for endpoint in _used(job)}
    except NoValuesError as error:
        return Verification(level="traced", reason=f"not executed: {error}")
    return _execute(job, function, outcomes, catalog, progress)


def _used(job: Job) -> list[Endpoint]:
    """The provided endpoints that some binding is fed from: no other needs values. A person may use them all."""
    if job.is_handwritten:
        return list(job.provided)
    names = {binding.provided for binding in job.bindings}
    return [endpoint for endpoint in job.provided if endpoint.name in names]


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
        raise _AdapterError(f"its source does not run: {_in_words(error)}") from error
    adapt: Callable[..., Any] | None = getattr(module, "adapt", None)
    if not callable(adapt):
        raise _AdapterError("its source defines no function 'adapt'")
    return adapt


def _trace(job: Job, adapt: Callable[..., Any]) -> Any:
    """The concrete function of the adapter, traced with the provided specs, unknown sizes kept unknown."""
    specs = {endpoint.name: type_spec(endpoint.spec) for endpoint in _used(job)}
    try:
        return tf.function(adapt, input_signature=[specs]).get_concrete_function()
    except Exception as error:
        raise _AdapterError(f"TensorFlow cannot trace it: {_in_words(error)}") from error


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
            yield Failure(binding=endpoint.name, case=case, message=f"it gives no tensor: {_in_words(error)}")
            continue
        if not given.is_subtype_of(required):
            yield Failure(binding=endpoint.name, case=case, message=f"it gives {given}, expected {required}")
    for name in outputs.keys() - {endpoint.name for endpoint in job.required}:
        yield Failure(binding=name, case=case, message=f"it gives {name!r}, which is no input of the consumer")


def _outcomes(job: Job, endpoint: Endpoint, catalog: Mapping[str, Transform]) -> list[_Outcome]:
    """What must come of each generated value, by the NumPy reference; undefined ones are left out."""
    bindings = [binding for binding in job.bindings if binding.provided == endpoint.name]
    outcomes = []
    shapes = [shape for binding in bindings for shape in _shapes(binding)]
    numbers = {number for binding in bindings for number in _guarded_numbers(binding)}
    for case in value_cases(endpoint.spec, shapes, numbers):
        with contextlib.suppress(UndefinedCaseError):
            outcomes.append(_Outcome(case, _expect(endpoint, bindings, case, catalog)))
    if not outcomes:
        raise NoValuesError(f"no value of {endpoint.name} has a defined result")
    return outcomes


def _expect(
    endpoint: Endpoint, bindings: Sequence[Binding], case: ValueCase, catalog: Mapping[str, Transform]
) -> Mapping[str, Tensor] | None:
    try:
        return {one.required: run_plan(catalog, endpoint.spec, _steps(one), case.value) for one in bindings}
    except GuardError:
        return None


def _steps(binding: Binding) -> Any:
    return binding.plan.steps if binding.plan is not None else ()


def _shapes(binding: Binding) -> list[Shape]:
    """The shapes that the plan leads through: their sizes are those that guards are about."""
    specs = [binding.required_spec, *(step.result for step in _steps(binding))]
    return list(dict.fromkeys(spec.shape for spec in specs if spec.shape is not None))


def _guarded_numbers(binding: Binding) -> Iterator[int]:
    """Yields what guards may compare values with: the arguments of guarding steps and the limits of their dtypes."""
    for step in _steps(binding):
        dtype = DTYPES.get(step.result.dtype or "")
        if step.guard is not None and dtype is not None and dtype.kind in {"int", "uint"}:
            yield from (int(limit) for limit in (dtype.lowest, dtype.highest) if limit is not None)
            yield from (value for value in step.arguments.values() if type(value) is int)


def _together(outcomes: Mapping[str, list[_Outcome]]) -> Iterator[dict[str, _Outcome]]:
    """Yields cases of all provided names: first those that every guard lets through, then one refused at a time.

    One refusal stops the whole adapter, so that two at once would hide each other.
    """
    passed = {name: [one for one in of if one.expected is not None] for name, of in outcomes.items()}
    if all(passed.values()):
        longest = max(len(of) for of in passed.values())
        for index in range(longest):
            yield {name: of[index % len(of)] for name, of in passed.items()}
    for name, of in outcomes.items():
        usual = {other: (passed[other] or outcomes[other])[0] for other in outcomes}
        yield from (usual | {name: one} for one in of if one.expected is None)


def _execute(
    job: Job,
    function: Any,
    outcomes: Mapping[str, list[_Outcome]],
    catalog: Mapping[str, Transform],
    progress: Progress,
) -> Verification:
    failures: list[Failure] = []
    done = refused = 0
    for together in _together(outcomes):
        case = "; ".join(f"{name}: {outcome.case.name}" for name, outcome in together.items())
        progress("traced", case, done)
        must_refuse = any(outcome.expected is None for outcome in together.values())
        failures.extend(
            Failure(binding=place, case=case, message=message)
            for place, message in _run_case(job, function, together, catalog, must_refuse=must_refuse)
        )
        done += 1
        refused += must_refuse
        if len(failures) >= MAX_FAILURES:
            break
    reason = None
    if refused == done:
        reason = "the guards refused every generated value, so that no result was compared"
    return Verification(level="executed", cases=done, failures=tuple(failures[:MAX_FAILURES]), reason=reason)


def _run_case(
    job: Job,
    function: Any,
    together: Mapping[str, _Outcome],
    catalog: Mapping[str, Transform],
    *,
    must_refuse: bool,
) -> Iterator[tuple[str, str]]:
    """Yields (place, message) for each difference from what the plans mean."""
    specs = {endpoint.name: endpoint.spec for endpoint in job.provided}
    try:
        given = function({name: to_tensorflow(outcome.case.value, specs[name]) for name, outcome in together.items()})
        actual = {name: from_tensorflow(tensor) for name, tensor in given.items()}
    except tf.errors.InvalidArgumentError as error:
        # Without a plan nothing says which values a person's own guard must let through.
        if not must_refuse and job.bindings:
            yield job.place, f"refused, though every guard of the plan holds: {_in_words(error)}"
        return
    except Exception as error:  # noqa: BLE001  # whatever an adapter raises is its failure, not the worker's
        yield job.place, _in_words(error)
        return
    if must_refuse:
        yield job.place, "let through, though a guard of the plan does not hold"
        return
    for binding in job.bindings:
        value, expected = together[binding.provided].case.value, together[binding.provided].expected or {}
        want, got = expected[binding.required], actual[binding.required]
        if find_difference(want, got) is None:
            continue
        allowed = allowed_difference(catalog, binding.provided_spec, _steps(binding), value, want)
        difference = find_difference(want, got, allowed)
        if difference is not None:
            yield binding.required, difference


def _in_words(error: Exception) -> str:
    """The error on one line, its kind first, without the traces and node names that TensorFlow puts around it."""
    lines = [line.strip() for line in str(error).splitlines()]
    text = " ".join(line for line in lines if line and not _SURROUNDINGS.match(line))
    text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return text if len(text) <= _MAX_MESSAGE else f"{text[:_MAX_MESSAGE]}..."
