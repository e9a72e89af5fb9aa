"""Verify: the adapters of drafts, proved in one worker process."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from sigcheck.schema.arguments import require_word
from sigcheck.schema.errors import UsageError
from sigcheck.schema.report import Verification, VerificationLevel
from sigcheck.schema.time_limit import require_time_limit
from sigcheck.stages.draft import Draft, VerifyLevel
from sigcheck.stages.emit import emit

if TYPE_CHECKING:
    from sigcheck.verification.job import Job

# Proves jobs, one verification for each: `(jobs, level, timeout)`, as `verification.verify` does.
Prover = Callable[[Sequence["Job"], Literal["traced", "executed"], float], Sequence[Verification]]


class Proof(NamedTuple):
    """What running showed, the level that it was to reach, and whether somebody asked for that level.

    `source` is the adapter, where there is one: emitted, and run unless its level is `typed`.
    """

    verification: Verification
    wanted: VerificationLevel
    is_wanted_by_name: bool
    source: str | None = None


def verify(
    drafts: Sequence[tuple[Draft, str | None]],
    level: VerifyLevel | None,
    timeout: float,
    run: Prover | None = None,
    *,
    run_models: bool = False,
) -> tuple[Proof, ...]:
    """A proof for each draft with the source of its adapter; all are run in one worker process.

    `run` proves the jobs; by default `verify` of the verification does. With `run_models` each adapter is run
    between its models, too. Raises UsageError for a `timeout` that is no number of seconds, a level that does not
    exist or is less than running models, and a model that cannot be run.
    """
    require_time_limit(timeout)
    if level is not None:
        require_word("verify", level, get_args(VerifyLevel))
    if run_models and level not in {None, "executed"}:
        problem = f"goes beyond the level {level}, expected executed. Leave out one of the two."
        raise UsageError("run_models", problem)
    wanted = wanted_level(level)
    jobs = [_job(draft, source, wanted, run_models=run_models) for draft, source in drafts]
    found = iter(_run([job for job in jobs if job is not None], wanted, timeout, run))
    return tuple(
        Proof(
            verification=next(found) if job is not None else _typed(draft, level, run_models=run_models),
            wanted="end_to_end" if run_models else wanted,
            is_wanted_by_name=level is not None or run_models,
            source=source,
        )
        for (draft, source), job in zip(drafts, jobs, strict=True)
    )


def wanted_level(level: VerifyLevel | None) -> VerifyLevel:
    """The level that is asked for, else the highest that this machine can prove."""
    return level or ("executed" if importlib.util.find_spec("tensorflow") is not None else "typed")


def jobs_of(drafts: Iterable[Draft], wanted: VerifyLevel) -> list[Job]:
    """What is to be run to prove drafts up to this level, without their models."""
    jobs = (_job(draft, emit(draft), wanted, run_models=False) for draft in drafts)
    return [job for job in jobs if job is not None]


def _job(draft: Draft, source: str | None, wanted: VerifyLevel, *, run_models: bool) -> Job | None:
    """What is to be run of a draft; None where that is nothing."""
    if run_models:
        from sigcheck.stages.runnable import models_of

        # Of a pair without an adapter, too: who asks for its models to be run is told of those that cannot be.
        models = models_of(draft)
    else:
        models = None
    if wanted == "typed" or source is None or (models is None and not draft.is_runnable):
        return None
    from sigcheck.stages.job import job_of

    return job_of(draft, source, models=models)


def _run(jobs: Sequence[Job], wanted: VerifyLevel, timeout: float, run: Prover | None) -> Sequence[Verification]:
    if wanted == "typed" or not jobs:
        return ()
    from sigcheck.verification.verify import verify as run_all

    return (run or run_all)(jobs, wanted, timeout)


def _typed(draft: Draft, level: VerifyLevel | None, *, run_models: bool) -> Verification:
    if not draft.has_adapter:
        return _by_types("there is no adapter to run")
    if not draft.is_runnable and not run_models:
        return _by_types("it fits as it is: there is nothing to run")
    if level == "typed":
        return _by_types("as asked")
    return _by_types("TensorFlow is not installed: pip install 'sigcheck[tensorflow]'")


@cache
def _by_types(reason: str) -> Verification:
    return Verification(level="typed", reason=reason)
