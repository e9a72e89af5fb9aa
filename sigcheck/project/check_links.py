"""Check links: what feeds what in each of them, whether it is proved, and whether its adapter file is the one.

Thousands of links that nobody planned before are shared out among processes. What limits there are end them where
one process would have ended them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from sigcheck.config.config import Config
from sigcheck.config.entries import LinkEntry
from sigcheck.encodings.permission import Permission
from sigcheck.planning import effort
from sigcheck.process.forked import can_fork, map_forked
from sigcheck.project.adapter_file import AdapterFile, compare_adapter
from sigcheck.project.cache import Cache
from sigcheck.project.chained import Chained
from sigcheck.project.config_words import tell_in_config
from sigcheck.project.earlier import Earlier
from sigcheck.project.model_data import read_evidence
from sigcheck.project.plan_links import PlannedLink, plan_links
from sigcheck.project.prove_links import prove_links
from sigcheck.project.read_models import Reading
from sigcheck.schema.budget import left_of_call, spend_of_call
from sigcheck.schema.collection import collect_new
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.project import LintedLink, Location
from sigcheck.stages.draft import VerifyLevel
from sigcheck.stages.report import Report
from sigcheck.stages.verify import wanted_level

# What planning them leaves behind is freed before the next ones.
_LINKS_AT_ONCE = 250
# Fewer parts of so many links are done before processes are there.
_LEAST_PARTS = 4

_Plan = Callable[[Sequence[LinkEntry]], tuple[PlannedLink, ...]]
_Check = Callable[[int], list[LintedLink]]


@dataclass(frozen=True)
class Terms:
    """How the links of a project are checked, and in how many processes at most."""

    verify: VerifyLevel | None
    timeout: float
    cache: Cache
    permission: Permission
    processes: int = 1


class _Part(NamedTuple):
    """Some links, and what they took of the effort and of the budget of the call."""

    links: list[LintedLink]
    effort: int
    steps: int


def check_links(config: Config, readings: Mapping[str, Reading], terms: Terms) -> Iterator[LintedLink]:
    """Yields all links, in the order of the config."""
    order, chained = Earlier(config.links), Chained(config)
    evidence = read_evidence(config, terms.cache, terms.permission)

    def plan(links: Sequence[LinkEntry]) -> tuple[PlannedLink, ...]:
        return plan_links(config, links, readings, order, chained, terms.cache, terms.permission, evidence)

    if wanted_level(terms.verify) != "typed":
        yield from _proved_together(config, plan, terms)
        return
    check = partial(_check_part, config, plan, terms)
    parts = range(0, len(config.links), _LINKS_AT_ONCE)
    # What a link of a chain takes depends on those before it, which each process would plan anew.
    may_share = terms.processes > 1 and not config.entries.chains and can_fork()
    for at, start in enumerate(parts, start=1):
        known = terms.cache.missed
        links = check(start)
        yield from links
        # What was planned before is read from the cache in less time than another process sends it.
        is_new = terms.cache.missed - known > len(links) / 2
        if may_share and is_new and len(parts) - at >= _LEAST_PARTS:
            yield from _side_by_side(check, parts[at:], terms.processes, _known(config, readings))
            return


def _proved_together(config: Config, plan: _Plan, terms: Terms) -> Iterator[LintedLink]:
    """Yields all links; TensorFlow, which takes long to start, proves the adapters of all in one go."""
    planned: list[PlannedLink] = []
    for start in range(0, len(config.links), _LINKS_AT_ONCE):
        planned += plan(config.links[start : start + _LINKS_AT_ONCE])
        collect_new()
    reports = prove_links(planned, terms.verify, terms.timeout, terms.cache)
    for link, report, place in zip(planned, reports, config.places, strict=True):
        yield _link(config, link, report, config.location(*place), terms.permission)


def _check_part(config: Config, plan: _Plan, terms: Terms, start: int) -> list[LintedLink]:
    part = slice(start, start + _LINKS_AT_ONCE)
    planned = plan(config.links[part])
    reports = prove_links(planned, terms.verify, terms.timeout, terms.cache)
    links = [
        _link(config, link, report, config.location(*place), terms.permission)
        for link, report, place in zip(planned, reports, config.places[part], strict=True)
    ]
    del planned, reports
    collect_new()
    return links


def _side_by_side(check: _Check, starts: range, processes: int, known: list[object]) -> Iterator[LintedLink]:
    from concurrent.futures.process import BrokenProcessPool

    def measured(number: int) -> _Part:
        spent, left = effort.spent(), left_of_call()
        links = check(starts[number])
        return _Part(links, effort.spent() - spent, left - left_of_call())

    done = 0
    try:
        for done, part in enumerate(map_forked(measured, len(starts), known, processes), start=1):
            if effort.may_spend(part.effort) and part.steps <= left_of_call():
                effort.spend(part.effort)
                spend_of_call(part.steps)
                yield from part.links
            else:
                yield from check(starts[done - 1])
    except BrokenProcessPool:
        # Ended from outside, perhaps for want of memory: one process takes less.
        for start in starts[done:]:
            yield from check(start)


def _known(config: Config, readings: Mapping[str, Reading]) -> list[object]:
    """What links share with what was read."""
    models = [reading.linted for reading in readings.values()]
    signatures = [model.signature for model in models if model.signature is not None]
    specs = [one.spec for signature in signatures for one in (*signature.inputs, *signature.outputs)]
    names = [name for link in config.links for name in (link.producer, link.consumer)]
    return [*(model.side for model in models), *specs, *names]


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
    link = LintedLink(
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
    return tell_in_config(link)


def _needed(entry: LinkEntry, report: Report) -> str | None:
    # Tensors that fit and are only called otherwise need no file, unless the link asks for one.
    if entry.adapter is None and report.verdict == "fits":
        return None
    return None if report.result.adapter is None else report.result.adapter.source
