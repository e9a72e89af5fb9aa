"""Lint on one page: load, read, plan, prove, compare the adapter files, judge."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.config.config import Config
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.planning.effort import OF_CALL, bounded_effort
from sigcheck.project.cache import NO_CACHE, Cache
from sigcheck.project.check_links import Terms
from sigcheck.project.check_project import Engine, check_here
from sigcheck.project.compare import compare
from sigcheck.project.judge import Agreed, judge
from sigcheck.project.lock_file import FILE, read_lock
from sigcheck.project.plan_links import Ground
from sigcheck.project.read_models import Reading
from sigcheck.project.standing import standing_at, standing_now
from sigcheck.rules.match import unverified_adapter
from sigcheck.schema.budget import bounded_call
from sigcheck.schema.collection import without_collection
from sigcheck.schema.project import LintResult
from sigcheck.schema.report import CheckResult
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.schema.watcher import NOBODY, Watcher
from sigcheck.stages.draft import VerifyLevel
from sigcheck.stages.verify import wanted_level


@bounded_call()
@bounded_effort(OF_CALL)
def lint(  # noqa: PLR0913  # all that a caller may say of one lint
    config: Config,
    *,
    verify: VerifyLevel | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    cache: Cache = NO_CACHE,
    permission: Permission = NO_PERMISSION,
    against: str | None = None,
    processes: int = 1,
    engine: Engine = check_here,
    watcher: Watcher = NOBODY,
) -> LintResult:
    """Checks every model and link of a config.

    `verify` is the level of proof, by default `executed` where TensorFlow is installed; `timeout`
    limits the proofs of all links, in seconds. `permission` is what a person lets it open beyond the
    folder of the config. `against` is a Git revision, by default the one that the config names, "" for none:
    what was agreed there and breaks here is found. Thousands of links that were never planned are shared out among
    as many `processes`, where this one may be copied; another `engine` reads and checks all of it elsewhere. `watcher`
    is told how many links are checked. Raises SourceError where the lock is broken, or there is no such revision, or
    the data that a model names cannot be read; whatever is wrong with a model, a link or an adapter is a finding.
    """
    # All that is made here lives until the end: a collector that looks through it finds nothing, over and over.
    with without_collection():
        return _lint(config, Terms(verify, timeout, cache, permission, processes, watcher), against, engine)


def _lint(config: Config, terms: Terms, against: str | None, engine: Engine) -> LintResult:
    cache, permission = terms.cache, terms.permission
    lock = read_lock(permission.path(config.folder, FILE))
    readings, links = engine(config, lock, terms)
    revision = (config.entries.against if against is None else against) or None
    agreed = (
        None if revision is None else _compare(config, readings, revision, Ground(config.folder, cache, permission))
    )
    cache.write()
    cache.prune()
    return LintResult(
        config=str(config.path),
        lock=None if lock is None else str(config.folder / FILE),
        against=revision,
        models=tuple(reading.linted for reading in readings.values()),
        links=links,
        findings=judge(config, readings, links, lock, agreed),
    )


def is_final(result: LintResult, verify: VerifyLevel | None) -> bool:
    """Whether a lint of the same files says the same: no proof ended early, by the time limit or by the machine."""
    if wanted_level(verify) == "typed":
        return True
    checks = [link.check for link in result.links if link.check is not None]
    return not any(one.verification.failures or _is_early(one) for one in checks)


def _is_early(check: CheckResult) -> bool:
    return any(finding.rule == unverified_adapter.NAME for finding in check.findings)


def _compare(config: Config, readings: Mapping[str, Reading], revision: str, ground: Ground) -> Agreed:
    """What was agreed at the revision and breaks here."""
    old = standing_at(config, revision)
    comparison = compare(old, standing_now(config, readings), ground, has_adapters=True)
    return Agreed(revision, comparison.told, old.levels)
