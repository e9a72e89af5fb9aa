"""Verify: prove adapters that run in a worker process, so that nothing that they do can end or deceive the caller."""

from __future__ import annotations

import base64
import importlib.util
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sigcheck.process.walls import files_of
from sigcheck.process.worker import Worker, WorkerError, WorkerTimeoutError
from sigcheck.schema.report import Failure, Verification, VerificationLevel
from sigcheck.schema.time_limit import require_time_limit
from sigcheck.schema.watcher import NOBODY, Watcher
from sigcheck.verification.job import Job, RunnableModel, Subject, WorkerLevel
from sigcheck.verification.worker_runner import ApartRunner, WorkerRunner

WORKER = "sigcheck.verification.worker"
# In seconds. A job takes some tenths of a second; one that takes this long hangs.
JOB_SECONDS = 30.0
# No job is begun with less time than this left: its failure would say nothing about it.
LEAST_SECONDS = 1.0


def verify(
    jobs: Sequence[Job],
    level: WorkerLevel,
    timeout: float,
    *,
    job_timeout: float = JOB_SECONDS,
    model_timeout: float | None = None,
    watcher: Watcher = NOBODY,
) -> tuple[Verification, ...]:
    """One verification for each job, in their order, each of which `watcher` is told.

    Jobs share one process and one import of TensorFlow.

    An adapter that sigcheck did not write has a process of its own, so that it does nothing to
    the proof of another. Each verification says which walls stood around the process.

    `timeout` is for the whole call, `job_timeout` for each job and `model_timeout` for each that runs
    models, in seconds; models may take minutes to load, and have the whole time unless told. A job in which
    the process crashes or hangs has failed; a new process goes on with the next job. Jobs that
    were not reached, and all of them where TensorFlow is not installed or does not start, are
    only `typed`, and their reason says why. Raises UsageError for a `timeout` that is no number of seconds.
    """
    require_time_limit(timeout)
    if not jobs:
        return ()
    if importlib.util.find_spec("tensorflow") is None:
        reason = "TensorFlow is not installed: pip install 'sigcheck[tensorflow]'"
        return tuple(_unproved(reason) for _ in jobs)
    limits = [job_timeout if job.models is None else model_timeout or timeout for job in jobs]
    found: list[Verification] = []
    for one in _verify_all(jobs, level, timeout, limits):
        watcher.advance()
        found.append(one)
    return tuple(found)


def _verify_all(
    jobs: Sequence[Job], level: WorkerLevel, timeout: float, limits: Sequence[float]
) -> Iterator[Verification]:
    deadline = time.monotonic() + timeout
    model_bytes = max((size_of_models(job) for job in jobs), default=0)
    done = 0
    reason = f"the time limit of {timeout:g} s was used up before this adapter's turn. Allow more with --timeout"
    while done < len(jobs) and time.monotonic() < deadline:
        try:
            with Worker(WORKER, str(model_bytes), readable=_readable(jobs[done:])) as worker:
                worker.receive(deadline)
                is_alive = True
                while is_alive and done < len(jobs) and time.monotonic() < deadline - LEAST_SECONDS:
                    end = min(deadline, time.monotonic() + limits[done])
                    verification, is_alive = _ask(worker, jobs[done], level, end)
                    is_alive &= not jobs[done].is_handwritten
                    done += 1
                    yield verification.model_copy(update={"walls": worker.walls})
                if done < len(jobs) and is_alive:
                    break
        except WorkerTimeoutError:
            break
        except WorkerError as error:
            reason = f"TensorFlow did not start in the worker process: {error}"
            break
    yield from (_unproved(reason) for _ in jobs[done:])


def _ask(worker: Worker, job: Job, level: WorkerLevel, deadline: float) -> tuple[Verification, bool]:
    """The verification of one job, and whether the worker can take another."""
    from sigcheck.transforms import BY_NAME
    from sigcheck.verification.counterexample import unpack
    from sigcheck.verification.prove import prove, prove_case

    reached: tuple[VerificationLevel, str, int, Subject] = ("typed", "starting", 0, "adapter")

    def progress(level: VerificationLevel, case: str, cases: int, subject: Subject = "adapter", /) -> None:
        nonlocal reached
        reached = (level, case, cases, subject)

    seconds = deadline - time.monotonic()
    runner = WorkerRunner(worker, deadline)
    try:
        if job.models is not None and job.is_handwritten:
            with Worker(WORKER, str(size_of_models(job)), readable=_readable([job])) as apart:
                apart.receive(deadline)
                both = ApartRunner(runner, WorkerRunner(apart, deadline))
                return prove(job, level, BY_NAME, both, progress), True
        if job.case is None:
            return prove(job, level, BY_NAME, runner, progress), True
        return prove_case(job, unpack("case", base64.b64decode(job.case), job.used), BY_NAME, runner), True
    except WorkerTimeoutError as error:
        told = f"not finished within {seconds:.3g} s: {error}"
        reason = f"{told}. Look for a loop that does not end, or allow more with --timeout"
    except WorkerError as error:
        told = reason = f"the worker process did not survive it: {error}"
    failure = Failure(binding=job.place, case=reached[1], message=told, subject=reached[3])
    return Verification(level=reached[0], cases=reached[2], failures=(failure,), reason=reason), False


def _readable(jobs: Sequence[Job]) -> list[str]:
    """What the worker has to see: the files of the models that it is to run, and their code."""
    models = [model for job in jobs if job.models for model in (*job.models.producers, job.models.consumer)]
    return [path for model in models for path in files_of_model(model)]


def files_of_model(model: RunnableModel) -> list[str]:
    """What a process has to see that runs the model: the code that it is loaded with, and its files."""
    code = () if model.program is None else model.program.files
    return [*code, *files_of(Path(model.path))]


def size_of_models(job: Job) -> int:
    """The bytes of all files of the models of a job; 0 where it has none."""
    if job.models is None:
        return 0
    return size_of_files({Path(model.path) for model in (*job.models.producers, job.models.consumer)})


def size_of_files(paths: Iterable[Path]) -> int:
    """The bytes of all files that these are, or that are in these folders."""
    files = (file for path in paths for file in ([path] if path.is_file() else path.rglob("*")))
    return sum(file.stat().st_size for file in files if file.is_file())


def _unproved(reason: str) -> Verification:
    return Verification(level="typed", reason=reason)
