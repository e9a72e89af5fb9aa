"""Verify: the adapters of drafts, proved in one worker process."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from sigcheck.schema.arguments import require_word
from sigcheck.schema.report import Verification, VerificationLevel
from sigcheck.schema.time_limit import require_time_limit
from sigcheck.stages.draft import Draft, VerifyLevel

if TYPE_CHECKING:
    from sigcheck.verification.job import Job

# Proves jobs, one verification for each: `(jobs, level, timeout)`, as `verification.verify` does.
Prover = Callable[[Sequence["Job"], Literal["traced", "executed"], float], Sequence[Verification]]


@dataclass(frozen=True)
class Proof:
    """What running showed, the level that it was to reach, and whether somebody asked for that level.

    `source` is the adapter, where there is one: emitted, and run unless its level is `typed`.
    """

    verification: Verification
    wanted: VerificationLevel
    is_wanted_by_name: bool
    source: str | None = None


def verify(
    drafts: Sequence[tuple[Draft, str | None]], level: VerifyLevel | None, timeout: float, run: Prover | None = None
) -> tuple[Proof, ...]:
    """A proof for each draft with the source of its adapter; all are run in one worker process.

    `run` proves the jobs; by default `verify` of the verification does. Raises UsageError for a
    `timeout` that is no number of seconds, and a level that does not exist.
    """
    require_time_limit(timeout)
    if level is not None:
        require_word("verify", level, get_args(VerifyLevel))
    wanted = wanted_level(level)
    found = iter(_run(drafts, wanted, timeout, run))
    return tuple(
        Proof(
            verification=_typed(draft, level) if not _is_run(draft, source, wanted) else next(found),
            wanted=wanted if draft.models is None else "end_to_end",
            is_wanted_by_name=level is not None or draft.models is not None,
            source=source,
        )
        for draft, source in drafts
    )


def wanted_level(level: VerifyLevel | None) -> VerifyLevel:
    """The level that is asked for, else the highest that this machine can prove."""
    return level or ("executed" if importlib.util.find_spec("tensorflow") is not None else "typed")


def _is_run(draft: Draft, source: str | None, wanted: VerifyLevel) -> bool:
    return wanted != "typed" and source is not None and draft.is_runnable


def _run(
    drafts: Sequence[tuple[Draft, str | None]], wanted: VerifyLevel, timeout: float, run: Prover | None
) -> Sequence[Verification]:
    if wanted == "typed" or not any(_is_run(draft, source, wanted) for draft, source in drafts):
        return ()
    from sigcheck.verification.job import Job
    from sigcheck.verification.verify import verify as run_all

    jobs = [
        Job(
            source=source or "",
            provided=draft.run_on,
            required=draft.run_into,
            bindings=draft.match.bindings,
            models=draft.models,
            rows=draft.rows if draft.is_called_over else None,
        )
        for draft, source in drafts
        if _is_run(draft, source, wanted)
    ]
    return (run or run_all)(jobs, wanted, timeout)


def _typed(draft: Draft, level: VerifyLevel | None) -> Verification:
    if not draft.has_adapter:
        return _by_types("there is no adapter to run")
    if not draft.is_runnable:
        return _by_types("it fits as it is: there is nothing to run")
    if level == "typed":
        return _by_types("as asked")
    return _by_types("TensorFlow is not installed: pip install 'sigcheck[tensorflow]'")


@cache
def _by_types(reason: str) -> Verification:
    return Verification(level="typed", reason=reason)
