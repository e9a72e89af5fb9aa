"""End to end: the real producer, the adapter and the real consumer run together, and one by one by hand.

By hand, what the adapter gives for the producer's real outputs must be what the NumPy reference of
its plan gives. Together, the three are one TensorFlow graph, as they would be served. Here is what
judges: models and adapter are run by the runner.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.report import Failure, Verification
from sigcheck.transforms.parts.array import Tensor
from sigcheck.verification.comparison import find_difference
from sigcheck.verification.counterexample import write_counterexample
from sigcheck.verification.job import Job, Models, Progress, Subject
from sigcheck.verification.model_inputs import input_cases
from sigcheck.verification.reference import TooLargeError, UndefinedCaseError
from sigcheck.verification.runner import FailedError, LoadError, RefusedError, Tensors, spec_of
from sigcheck.verification.tolerance import has_only_finite, is_same_type, spread, tolerance
from sigcheck.verification.trial import Trial

MAX_FAILURES = 5
# Of each kind one remark is told, the first.
_TWICE = "gives other values when it is run again on the same input"


class _CaseError(Exception):
    """One of the three failed on a case."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass
class _Tally:
    """What the cases showed so far."""

    ran: int = 0
    refusals: list[str] = field(default_factory=list)
    guarded: int = 0
    failures: list[Failure] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, set[tuple[int, ...]]] = field(default_factory=dict)
    seeds: set[int] = field(default_factory=set)


def run_end_to_end(trial: Trial, models: Models, executed: Verification, progress: Progress) -> Verification:
    """Runs the adapter of a trial between its models; `executed` is what was proved without them.

    A model that cannot be loaded leaves the level at that, and the reason says why. Where a model
    does something else than its signature says, and where running together differs from running
    by hand, that is a failure.
    """

    def tell(what: str, subject: Subject) -> None:
        progress("executed", what, executed.cases, subject)

    tell(f"loading {', '.join(model.source for model in (*models.producers, models.consumer))}", "producer")
    try:
        trial.runner.load(models)
    except LoadError as error:
        return executed.model_copy(update={"reason": f"not run end to end: {error}"})
    tally = _Tally()
    fed = [one.signature.inputs for one in models.producers] if models.lifted is None else [models.lifted.over]
    made = [input_cases(inputs, one.shapes) for inputs, one in zip(fed, models.producers, strict=True)]
    groups = zip(*made, *([input_cases(models.beside)] if models.beside else ()), strict=False)
    tried = 0
    for tried, group in enumerate(groups, start=1):  # noqa: B007  # how many there were is wanted afterwards
        case = "; ".join(one.name for one in group) or "no inputs"
        for one, model in zip(group, models.producers, strict=False):
            for name, shape in one.shapes.items():
                tally.sizes.setdefault(f"{model.signature.key}.{name}", set()).add(shape)
            tally.seeds.update(one.seeds)
        try:
            _run_case(trial, case, [one.values for one in group], tally, tell)
        except _CaseError as error:
            tally.failures.append(error.failure)
        except (FailedError, RefusedError) as error:
            # A model may fail the second time.
            tally.failures.append(_failure(trial, case, str(error), "producer"))
        if len(tally.failures) == MAX_FAILURES:
            break
    return _conclude(executed, tally, tried, _advice(models))


def _run_case(
    trial: Trial, case: str, inputs: Sequence[Tensors], tally: _Tally, tell: Callable[[str, Subject], None]
) -> None:
    """Runs one case by hand and together. Raises _CaseError where one of the three fails."""
    runner = trial.runner
    tell(f"running the producer on {case}", "producer")
    try:
        given = runner.produce(inputs)
    except FailedError as error:
        # A generated input need not be one that the producer is made for.
        tally.refusals.append(f"{case}: {error}")
        return
    _check_types(trial, case, given)
    is_stable = _is_stable("the producer", given, runner.produce(inputs), tally)
    _remark_not_finite("the producer", case, given, tally)
    tell(f"running the adapter on what the producer gives for {case}", "adapter")
    if not _adapt_by_hand(trial, case, given, tally):
        tally.guarded += 1
        return
    adapted = runner.run({name: given[name] for name in trial.provided})
    tell(f"running the consumer on what the adapter gives for {case}", "consumer")
    try:
        by_hand = runner.consume(adapted)
    except FailedError as error:
        raise _CaseError(_failure(trial, case, f"the consumer fails on it: {error}", "consumer")) from error
    is_stable &= _is_stable("the consumer", by_hand, runner.consume(adapted), tally)
    _remark_not_finite("the consumer", case, by_hand, tally)
    tell(f"running all together on {case}", "adapter")
    try:
        together = runner.run_together(inputs)
    except FailedError as error:
        raise _CaseError(_failure(trial, case, f"they do not run together: {error}", "adapter")) from error
    tally.ran += 1
    for name, want in by_hand.items():
        if name not in together:
            raise _CaseError(_failure(trial, case, f"together with the adapter, there is no {name}", "adapter"))
        if is_stable:
            difference = find_difference(want, together[name], tolerance(want, _digits(trial.job)))
        else:
            difference = None if is_same_type(want, together[name]) else "another type than by hand"
        if difference is not None:
            raise _CaseError(_failure(trial, case, f"together with the adapter, {name} is {difference}", "adapter"))


def _digits(job: Job) -> int:
    """The digits of the narrowest float that values pass through between the models."""
    dtypes = [DTYPES[one.spec.dtype] for one in (*job.provided, *job.required) if one.spec.dtype]
    return min((dtype.digits for dtype in dtypes if dtype.kind == "float"), default=DTYPES["float32"].digits)


def _check_types(trial: Trial, case: str, outputs: Tensors) -> None:
    for endpoint in trial.job.provided:
        if endpoint.spec.dtype is None:
            continue
        found = spec_of(outputs[endpoint.name]) if endpoint.name in outputs else None
        if found is None or not found.is_subtype_of(endpoint.spec):
            message = f"the producer gives {found or 'nothing'}, its signature says {endpoint.spec}"
            raise _CaseError(Failure(binding=endpoint.name, case=case, message=message, subject="producer"))


def _adapt_by_hand(trial: Trial, case: str, given: Mapping[str, Tensor], tally: _Tally) -> bool:
    """Whether the adapter let the values through, as it should; False where its guards refused them."""
    values = {name: given[name] for name in trial.provided}
    try:
        expected = trial.expect(trial.job.bindings, values)
    except TooLargeError:
        told = f"what the adapter gives for {case} is too large to be compared with its plan"
        tally.remarks.setdefault("too large", told)
        return True
    except UndefinedCaseError:
        # The adapter may give anything, and the consumer must take it.
        return True
    for problem in trial.run(values, expected).problems:
        specs = {endpoint.name: endpoint.spec for endpoint in trial.job.provided}
        raise _CaseError(
            Failure(
                binding=problem.place,
                case=f"what the producer gives for {case}",
                message=problem.message,
                counterexample=write_counterexample(values, specs),
            )
        )
    return expected is not None


def _is_stable(who: str, first: Mapping[str, Tensor], second: Mapping[str, Tensor], tally: _Tally) -> bool:
    """Whether two runs on one input gave values that can be compared with a third."""
    is_stable = True
    for name, tensor in first.items():
        if name not in second:
            return False
        difference = find_difference(tensor, second[name])
        if difference is None:
            continue
        allowed = tolerance(tensor)
        is_close = allowed is not None and find_difference(tensor, second[name], allowed) is None
        is_stable &= is_close
        how = (
            f"up to {spread(tensor, second[name]):.2g} apart"
            if is_same_type(tensor, second[name])
            else "of another type"
        )
        then = "compared within the rounding of its type" if is_close else "not compared: only types were"
        tally.remarks.setdefault(f"{who} twice", f"{who} {_TWICE} ({name}: {how}), so that values were {then}")
    return is_stable


def _remark_not_finite(who: str, case: str, tensors: Mapping[str, Tensor], tally: _Tally) -> None:
    for name, tensor in tensors.items():
        if not has_only_finite(tensor):
            tally.remarks.setdefault(f"{who} NaN", f"{who} gives NaN or infinity in {name} for {case}")


def _failure(trial: Trial, case: str, message: str, subject: Subject) -> Failure:
    return Failure(binding=trial.job.place, case=case, message=message, subject=subject)


def _advice(models: Models) -> str:
    """What to declare of what a producer is fed, where it refused what was made up; nothing where all is said."""
    if len(models.producers) > 1:
        return ""
    for one in models.producers[0].signature.inputs:
        facts = one.spec.facts
        if facts.meaning is None and facts.range is None and facts.id_count is None:
            fact, value = ("meaning", "encoded_image") if one.spec.dtype == "string" else ("range", "LEAST,GREATEST")
            option = shlex.quote(f"producer.input.{one.name}.{fact}={value}")
            return f"; declare what it takes, as with --fact {option}"
    return ""


def _conclude(executed: Verification, tally: _Tally, tried: int, advice: str) -> Verification:
    remarks = list(tally.remarks.values())
    if tally.refusals:
        remarks.append(
            f"the producer refused {len(tally.refusals)} of {tried} generated inputs, first {tally.refusals[0]}{advice}"
        )
    if tally.guarded:
        remarks.append(f"the adapter's guards refused what the producer gave for {tally.guarded} of {tried} inputs")
    if not tally.ran and not tally.failures:
        why = "; ".join(remarks) or "no input of the producer can be generated"
        return executed.model_copy(update={"reason": f"not run end to end: {why}"})
    return executed.model_copy(
        update={
            "level": "end_to_end" if tally.ran else "executed",
            "cases": executed.cases + tally.ran,
            "failures": tuple(tally.failures),
            "reason": "; ".join(filter(None, [executed.reason, *remarks])) or None,
            "sizes": {**executed.sizes, **{name: tuple(sorted(shapes)) for name, shapes in tally.sizes.items()}},
            "seeds": tuple(sorted({*executed.seeds, *tally.seeds})),
        }
    )
