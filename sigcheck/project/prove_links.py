"""Prove: the adapters of all links in one worker process; what was proved before is not run again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sigcheck.api import prove
from sigcheck.project.cache import Cache, key_of
from sigcheck.project.plan_links import PlannedLink
from sigcheck.schema.report import Verification
from sigcheck.schema.watcher import NOBODY, Watcher
from sigcheck.stages.draft import VerifyLevel
from sigcheck.stages.report import Report
from sigcheck.stages.verify import Prover, jobs_of
from sigcheck.verification.job import Job, WorkerLevel
from sigcheck.verification.verify import verify


def prove_links(  # what is proved, and how
    links: Sequence[PlannedLink],
    level: VerifyLevel | None,
    timeout: float,
    cache: Cache,
    run: Prover | None = None,
    watcher: Watcher = NOBODY,
) -> tuple[Report | None, ...]:
    """A report for each link, None for one that could not be planned. `timeout` is for all, in seconds.

    `run` proves in place of a worker process of this machine; of one here `watcher` is told each adapter.
    """
    drafts = [link.draft for link in links if link.draft is not None]
    reports = iter(prove(drafts, level, timeout, run=run or partial(prove_jobs, cache, watcher=watcher)))
    return tuple(next(reports) if link.draft is not None else None for link in links)


def wanted_jobs(links: Sequence[PlannedLink], level: VerifyLevel) -> list[Job]:
    """What is to be run to prove the links."""
    return jobs_of((link.draft for link in links if link.draft is not None), level)


def identity_of(job: Job) -> str:
    """What is the same of jobs that are equal, and of no others."""
    return sha256(json.dumps(job.to_dict(), sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def prove_jobs(
    cache: Cache, jobs: Sequence[Job], level: WorkerLevel, timeout: float, watcher: Watcher = NOBODY
) -> tuple[Verification, ...]:
    """One verification for each job: equal jobs run once, and none that passed before with this TensorFlow."""
    installed = _tensorflow()
    keys = [key_of(level, installed, job.to_dict()) for job in jobs]
    found = {key: kept for key in keys if (kept := _restore(cache.get("proofs", key))) is not None}
    waiting = {key: job for key, job in zip(keys, jobs, strict=True) if key not in found}
    watcher.begin("proving adapters", len(waiting), "adapters")
    proved = verify(list(waiting.values()), level, timeout, watcher=watcher)
    for key, verification in zip(waiting, proved, strict=True):
        found[key] = verification
        # A failure may be the time limit's or the machine's, and is worth another run.
        if verification.level == level and not verification.failures:
            cache.put("proofs", key, verification.model_dump(mode="json"))
    return tuple(found[key] for key in keys)


def _restore(kept: Any) -> Verification | None:
    try:
        return None if kept is None else Verification.model_validate(kept)
    except ValidationError:
        return None


def _tensorflow() -> str:
    """Which TensorFlow proves here: the names of its metadata folders, found without importing it."""
    spec = find_spec("tensorflow")
    if spec is None or spec.origin is None:
        return "unknown"
    # Distributions are called tensorflow, tensorflow_cpu, tf_nightly and so on; the version is in the folder's name.
    return " ".join(sorted(path.name for path in Path(spec.origin).parent.parent.glob("t*f*.dist-info")))
