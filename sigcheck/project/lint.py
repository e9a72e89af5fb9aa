"""Lint on one page: load, read, plan, prove, compare the adapter files, judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sigcheck.config.config import Config
from sigcheck.config.entries import LinkEntry
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.planning.collection import collect_new, without_collection
from sigcheck.planning.effort import OF_CALL, bounded_effort
from sigcheck.project.adapter_file import AdapterFile, compare_adapter
from sigcheck.project.cache import Cache
from sigcheck.project.chained import Chained
from sigcheck.project.compare import compare
from sigcheck.project.config_words import tell_in_config
from sigcheck.project.earlier import Earlier
from sigcheck.project.judge import Agreed, judge
from sigcheck.project.lock_file import FILE, read_lock
from sigcheck.project.plan_links import Ground, PlannedLink, plan_links
from sigcheck.project.prove_links import prove_links
from sigcheck.project.read_models import Reading, read_models
from sigcheck.project.standing import standing_at, standing_now
from sigcheck.schema.budget import bounded_call
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.project import LintedLink, LintResult, Location
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.stages.draft import VerifyLevel
from sigcheck.stages.report import Report
from sigcheck.stages.verify import wanted_level

NO_CACHE = Cache(None)
# What planning them leaves behind is freed before the next ones.
_LINKS_AT_ONCE = 250


@dataclass(frozen=True)
class _Terms:
    """How the links of a project are checked."""

    verify: VerifyLevel | None
    timeout: float
    cache: Cache
    permission: Permission


@bounded_call()
@bounded_effort(OF_CALL)
def lint(
    config: Config,
    *,
    verify: VerifyLevel | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    cache: Cache = NO_CACHE,
    permission: Permission = NO_PERMISSION,
    against: str | None = None,
) -> LintResult:
    """Checks every model and link of a config.

    `verify` is the level of proof, by default `executed` where TensorFlow is installed; `timeout`
    limits the proofs of all links, in seconds. `permission` is what a person lets it open beyond the
    folder of the config. `against` is a Git revision, by default the one that the config names, "" for none:
    what was agreed there and breaks here is found. Raises SourceError where the lock is broken, or there is no such
    revision; whatever is wrong with a model, a link or an adapter is a finding.
    """
    # All that is made here lives until the end: a collector that looks through it finds nothing, over and over.
    with without_collection():
        return _lint(config, verify, timeout, cache, permission, against)


def _lint(
    config: Config,
    verify: VerifyLevel | None,
    timeout: float,
    cache: Cache,
    permission: Permission,
    against: str | None,
) -> LintResult:
    lock = read_lock(permission.path(config.folder, FILE))
    readings = read_models(config, lock, permission)
    links = tuple(_links(config, readings, _Terms(verify, timeout, cache, permission)))
    revision = (config.entries.against if against is None else against) or None
    agreed = (
        None if revision is None else _compare(config, readings, revision, Ground(config.folder, cache, permission))
    )
    cache.prune()
    return LintResult(
        config=str(config.path),
        lock=None if lock is None else str(config.folder / FILE),
        against=revision,
        models=tuple(reading.linted for reading in readings.values()),
        links=links,
        findings=judge(config, readings, links, lock, agreed),
    )


def _links(config: Config, readings: Mapping[str, Reading], terms: _Terms) -> Iterator[LintedLink]:
    """Yields all links, in the order of the config. Where TensorFlow runs, it proves the adapters of all in one go."""
    is_run = wanted_level(terms.verify) != "typed"
    waiting: list[PlannedLink] = []
    places = iter(config.places)
    order, chained = Earlier(config.links), Chained(config)
    for start in range(0, len(config.links), _LINKS_AT_ONCE):
        part = config.links[start : start + _LINKS_AT_ONCE]
        waiting += plan_links(config, part, readings, order, chained, terms.cache, terms.permission)
        collect_new()
        if is_run and start + _LINKS_AT_ONCE < len(config.links):
            continue
        reports = prove_links(waiting, terms.verify, terms.timeout, terms.cache)
        for link, report, place in zip(waiting, reports, places, strict=False):
            yield tell_in_config(_link(config, link, report, config.location(*place), terms.permission))
        waiting.clear()


def _compare(config: Config, readings: Mapping[str, Reading], revision: str, ground: Ground) -> Agreed:
    """What was agreed at the revision and breaks here."""
    old = standing_at(config, revision)
    comparison = compare(old, standing_now(config, readings), ground, has_adapters=True)
    return Agreed(revision, comparison.told, old.levels)


def _link(
    config: Config, planned: PlannedLink, report: Report | None, location: Location, permission: Permission
) -> LintedLink:
    entry, problem = planned.entry, planned.problem
    file = AdapterFile("not_compared")
    # Where a link is blocked or undecided, no adapter is right, and none is wrong.
    if report is not None and report.draft.has_adapter:
        try:
            path = None if entry.adapter is None else permission.path(config.folder, entry.adapter)
            file = compare_adapter(path, _needed(entry, report))
        except SigcheckError as error:
            problem = str(error)
    return LintedLink(
        name=entry.title,
        producer=entry.producer,
        consumer=entry.consumer,
        location=location,
        check=None if report is None else report.result,
        adapter=entry.adapter,
        adapter_state=file.state,
        adapter_proof=file.proof,
        problem=problem,
    )


def _needed(entry: LinkEntry, report: Report) -> str | None:
    # Tensors that fit and are only called otherwise need no file, unless the link asks for one.
    if entry.adapter is None and report.verdict == "fits":
        return None
    return None if report.result.adapter is None else report.result.adapter.source
