"""Lint: the models and links of a project read, planned and proved by the stages of a pipeline.

Workers open the config themselves, under the path that it has here: what is sent to them is which models and links are
theirs, and what other workers made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sigcheck.beam.engine import run_pipeline
from sigcheck.beam.folder import enter
from sigcheck.config.config import Config
from sigcheck.config.load import load_config
from sigcheck.encodings.permission import Permission
from sigcheck.planning import effort
from sigcheck.project.cache import Cache
from sigcheck.project.check_links import Checker, Part, Terms, measured, parts_of
from sigcheck.project.check_project import Checked, Engine, check_here
from sigcheck.project.lock_file import FILE, Lock, read_lock
from sigcheck.project.model_data import EvidenceOf, evidence_of
from sigcheck.project.plan_links import PlannedLink
from sigcheck.project.prove_links import identity_of, prove_jobs, wanted_jobs
from sigcheck.project.read_models import Reading, read_models
from sigcheck.schema.budget import bounded_call, left_of_call, spend_of_call
from sigcheck.schema.collection import without_collection
from sigcheck.schema.errors import SourceError
from sigcheck.schema.evidence import Evidence
from sigcheck.schema.report import Verification
from sigcheck.stages.draft import VerifyLevel
from sigcheck.stages.verify import wanted_level
from sigcheck.verification.job import Job, WorkerLevel

Done = TypeVar("Done")

# A model is read in milliseconds; those of one file are read once where they are read together.
_MODELS_AT_ONCE = 50
# TensorFlow takes seconds to start, and some tenths of a second for each adapter.
_JOBS_AT_ONCE = 100


@dataclass(frozen=True)
class _Project:
    """Where a project lies, how it is checked, and what a worker has to find there: the text of the config."""

    folder: str
    path: str
    text: str
    verify: VerifyLevel | None
    level: VerifyLevel
    timeout: float
    is_cached: bool
    is_remote: bool
    is_private: bool
    is_outside: bool


class _Opened(NamedTuple):
    """The project as a worker sees it."""

    config: Config
    lock: Lock | None
    terms: Terms


class _Model(NamedTuple):
    """A model as a worker read it, what its data shows, the error about that, and the steps that it all took."""

    number: int
    reading: Reading
    evidence: Mapping[str, Evidence] | None
    problem: tuple[str, str] | None
    steps: int


class _Planned(NamedTuple):
    """Links that are planned, by the place of their part among all, and what that took."""

    at: int
    numbers: range
    links: tuple[PlannedLink, ...]
    effort: int
    steps: int


# What is known of the models, by their names.
_Known = Mapping[str, _Model]
# The place of a part among all, and the numbers of its links.
_Numbers = tuple[int, range]


def check_on_beam(options: Sequence[str]) -> Engine:
    """What checks a project by a pipeline with these options, as `--runner=...`.

    The answer is that of one process: where its limits would have ended something, all is checked here. Each worker
    has the cache of its user. It raises as `run_pipeline` and `check_here` do.
    """

    def check(config: Config, lock: Lock | None, terms: Terms) -> Checked:
        project = _project(config, terms)
        found = run_pipeline(options, partial(_build, project, len(config.entries.models), parts_of(config)))
        models: list[_Model] = sorted(found["models"])
        for model in models:
            if model.problem is not None:
                raise SourceError(*model.problem)
        parts = [part for _, part in sorted(found["links"], key=lambda one: one[0])]
        taken = sum(part.effort for part in parts)
        steps = sum(model.steps for model in models) + sum(part.steps for part in parts)
        if not effort.may_spend(taken) or steps > left_of_call():
            return check_here(config, lock, terms)
        effort.spend(taken)
        spend_of_call(steps)
        readings = dict(zip(config.entries.models, (model.reading for model in models), strict=True))
        return Checked(readings, tuple(link for part in parts for link in part.links))

    return check


def _build(project: _Project, models: int, parts: Sequence[range], pipeline: Any) -> Mapping[str, Any]:
    import apache_beam as beam

    starts = range(0, models, _MODELS_AT_ONCE)
    numbers = pipeline | "models" >> beam.Create([(at, min(models, at + _MODELS_AT_ONCE)) for at in starts])
    read = numbers | "spread models" >> beam.Reshuffle() | "read" >> beam.FlatMap(_read, project)
    known = beam.pvalue.AsDict(read | "by name" >> beam.Map(_named, project))
    some = pipeline | "links" >> beam.Create(list(enumerate(parts)))
    spread = some | "spread links" >> beam.Reshuffle()
    if project.level == "typed":
        return {"models": read, "links": spread | "check" >> beam.Map(_check, project, known)}
    planned = spread | "plan" >> beam.Map(_plan, project, known)
    jobs = planned | "jobs" >> beam.FlatMap(_jobs, project) | beam.GroupByKey() | "one of each" >> beam.Map(_first)
    proofs = (
        jobs
        | "spread jobs" >> beam.Reshuffle()
        | beam.BatchElements(min_batch_size=_JOBS_AT_ONCE, max_batch_size=_JOBS_AT_ONCE)
        | "prove" >> beam.FlatMap(_prove, project)
    )
    told = planned | "tell" >> beam.Map(_tell, project, known, beam.pvalue.AsDict(proofs))
    return {"models": read, "links": told}


def _project(config: Config, terms: Terms) -> _Project:
    permission = terms.permission
    return _Project(
        folder=os.getcwd(),  # noqa: PTH109  # a text, sent elsewhere
        path=str(config.path),
        text=_digest(config),
        verify=terms.verify,
        level=wanted_level(terms.verify),
        timeout=terms.timeout,
        is_cached=terms.cache.is_lasting,
        is_remote=permission.remote,
        is_private=permission.private,
        is_outside=permission.outside,
    )


def _digest(config: Config) -> str:
    return sha256(config.text.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=1)
def _open(project: _Project) -> _Opened:
    """The project, opened once in each process. Raises SourceError where it is another one here."""
    enter(project.folder)
    config = load_config(Path(project.path))
    if _digest(config) != project.text:
        problem = "another config on a worker, expected the one that is linted. Share its folder."
        raise SourceError(project.path, problem)
    if wanted_level(project.verify) != project.level:
        problem = "no TensorFlow on a worker, expected what proves adapters here. Install it, or say --verify typed."
        raise SourceError("--engine beam", problem)
    given = {"remote": project.is_remote, "private": project.is_private, "outside": project.is_outside}
    permission = Permission.given(**given)
    cache = Cache.of_user() if project.is_cached else Cache(None)
    lock = read_lock(permission.path(config.folder, FILE))
    return _Opened(config, lock, Terms(project.verify, project.timeout, cache, permission))


def _alone(work: Callable[[], Done]) -> Done:
    """What some work gives that takes off no limit of whoever asks, with the limits of a whole lint of its own.

    A runner may give its threads what is set where the pipeline is run.
    """

    def bounded() -> Done:
        with bounded_call(), effort.bounded_effort(effort.OF_CALL), without_collection():
            return work()

    return Context().run(bounded)


def _read(numbers: tuple[int, int], project: _Project) -> Iterator[_Model]:
    names = list(_open(project).config.entries.models)
    yield from (_alone(partial(_read_one, project, number, names[number])) for number in range(*numbers))


def _read_one(project: _Project, number: int, name: str) -> _Model:
    config, lock, terms = _open(project)
    left = left_of_call()
    (reading,) = read_models(config, lock, terms.permission, terms.cache, [name]).values()
    try:
        evidence, problem = evidence_of(config, name, terms.cache, terms.permission), None
    except SourceError as error:
        evidence, problem = None, (error.place, error.problem)
    return _Model(number, reading, evidence, problem, left - left_of_call())


def _named(model: _Model, project: _Project) -> tuple[str, _Model]:
    return model.reading.linted.name, model


def _evidence(known: _Known) -> EvidenceOf:
    return {name: model.evidence for name, model in known.items() if model.evidence is not None}


def _checker(project: _Project, known: _Known) -> Checker:
    config, _, terms = _open(project)
    readings = {name: known[name].reading for name in config.entries.models}
    return Checker(config, readings, _evidence(known), terms)


def _check(part: _Numbers, project: _Project, known: _Known) -> tuple[int, Part]:
    at, numbers = part
    checker = _checker(project, known)
    return at, _alone(lambda: measured(lambda: checker.check(numbers)))


def _plan(part: _Numbers, project: _Project, known: _Known) -> _Planned:
    at, numbers = part
    checker = _checker(project, known)

    def plan() -> _Planned:
        spent, left = effort.spent(), left_of_call()
        links = checker.plan(numbers)
        return _Planned(at, numbers, links, effort.spent() - spent, left - left_of_call())

    return _alone(plan)


def _jobs(planned: _Planned, project: _Project) -> Iterator[tuple[str, Job]]:
    for job in wanted_jobs(planned.links, project.level):
        yield identity_of(job), job


def _first(jobs: tuple[str, Iterable[Job]]) -> tuple[str, Job]:
    identity, alike = jobs
    return identity, next(iter(alike))


def _prove(jobs: Sequence[tuple[str, Job]], project: _Project) -> Iterator[tuple[str, Verification]]:
    terms = _open(project).terms
    if project.level != "typed":
        proved = prove_jobs(terms.cache, [job for _, job in jobs], project.level, terms.timeout)
        yield from zip((identity for identity, _ in jobs), proved, strict=True)


def _tell(planned: _Planned, project: _Project, known: _Known, proofs: Mapping[str, Verification]) -> tuple[int, Part]:
    checker = _checker(project, known)

    def look_up(jobs: Sequence[Job], level: WorkerLevel, timeout: float) -> list[Verification]:
        return [proofs[identity_of(job)] for job in jobs]

    told = _alone(lambda: measured(lambda: checker.tell(planned.numbers, planned.links, look_up)))
    return planned.at, Part(told.links, told.effort + planned.effort, told.steps + planned.steps)
