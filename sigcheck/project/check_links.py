"""Check links: what feeds what in each of them, whether it is proved, and whether its adapter file is the one.

Thousands of links that nobody planned before are shared out among processes. What limits there are end them where
one process would have ended them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sigcheck.config.config import Config
from sigcheck.config.entries import LinkEntry
from sigcheck.encodings.permission import Permission
from sigcheck.encodings.trace import Trace, add_trace, traced
from sigcheck.planning import effort
from sigcheck.process.forked import can_fork, map_forked
from sigcheck.project.adapter_file import AdapterFile, compare_adapter
from sigcheck.project.cache import Cache
from sigcheck.project.chained import Chained
from sigcheck.project.config_words import tell_in_config
from sigcheck.project.earlier import Earlier
from sigcheck.project.model_data import EvidenceOf
from sigcheck.project.plan_links import PlannedLink, plan_links
from sigcheck.project.prove_links import prove_links
from sigcheck.project.read_models import Reading
from sigcheck.schema.budget import left_of_call, spend_of_call
from sigcheck.schema.collection import collect_new
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.project import LintedLink, Location, signatures_of
from sigcheck.schema.signature import Signature
from sigcheck.schema.watcher import NOBODY, Watcher
from sigcheck.stages.draft import VerifyLevel
from sigcheck.stages.report import Report
from sigcheck.stages.verify import Prover, wanted_level

# What planning them leaves behind is freed before the next ones.
_LINKS_AT_ONCE = 250
# Fewer parts of so many links are done before processes are there.
_LEAST_PARTS = 4

Check = Callable[[Sequence[int]], list[LintedLink]]


@dataclass(frozen=True)
class Terms:
    """How the links of a project are checked, in how many processes at most, and who is told how far it is."""

    verify: VerifyLevel | None
    timeout: float
    cache: Cache
    permission: Permission
    processes: int = 1
    watcher: Watcher = NOBODY


class Part(NamedTuple):
    """Some links, what they took of the effort and of the budget of the call, and what they asked of files."""

    links: list[LintedLink]
    effort: int
    steps: int
    asked: Trace | None = None


class Checker:
    """What links of a project are checked with, by their numbers in the config."""

    def __init__(self, config: Config, readings: Mapping[str, Reading], evidence: EvidenceOf, terms: Terms) -> None:
        """`evidence` is what samples show of the tensors of models."""
        self._config, self._readings, self._evidence, self._terms = config, readings, evidence, terms
        self._signatures = signatures_of(reading.linted for reading in readings.values())
        self._order, self._chained = Earlier(config.links, config.entries.models), Chained(config)

    def plan(self, numbers: Sequence[int]) -> tuple[PlannedLink, ...]:
        """What feeds what in these links."""
        return plan_links(
            self._config,
            [self._config.links[number] for number in numbers],
            self._readings,
            self._order,
            self._chained,
            self._terms.cache,
            self._terms.permission,
            self._evidence,
        )

    def tell(
        self,
        numbers: Sequence[int],
        planned: Sequence[PlannedLink],
        run: Prover | None = None,
        watcher: Watcher = NOBODY,
    ) -> list[LintedLink]:
        """These links, planned before, with what proves them; `run` proves in place of a worker process of this one."""
        terms, config = self._terms, self._config
        reports = prove_links(planned, terms.verify, terms.timeout, terms.cache, run, watcher)
        return [
            _link(config, link, report, config.location(*config.places[number]), terms.permission, self._signatures)
            for number, link, report in zip(numbers, planned, reports, strict=True)
        ]

    def check(self, numbers: Sequence[int]) -> list[LintedLink]:
        """These links, planned and proved."""
        links = self.tell(numbers, self.plan(numbers))
        collect_new()
        return links


def check_links(
    config: Config, readings: Mapping[str, Reading], evidence: EvidenceOf, terms: Terms
) -> Iterator[LintedLink]:
    """Yields all links, in the order of the config."""
    checker = Checker(config, readings, evidence, terms)
    parts = parts_of(config)
    watcher, count = terms.watcher, len(config.links)
    if wanted_level(terms.verify) != "typed":
        # TensorFlow, which takes long to start, proves the adapters of all in one go.
        planned: list[PlannedLink] = []
        watcher.begin("planning links", count, "links")
        for numbers in parts:
            planned += checker.plan(numbers)
            watcher.advance(len(numbers))
            collect_new()
        yield from checker.tell(range(len(config.links)), planned, watcher=watcher)
        return
    # What a link of a chain takes depends on those before it, which each process would plan anew.
    watcher.begin("checking links", count, "links")
    may_share = terms.processes > 1 and not config.entries.chains and can_fork()
    for at, numbers in enumerate(parts, start=1):
        known = terms.cache.missed
        links = checker.check(numbers)
        watcher.advance(len(links))
        yield from links
        # What was planned before is read from the cache in less time than another process sends it.
        is_new = terms.cache.missed - known > len(links) / 2
        if may_share and is_new and len(parts) - at >= _LEAST_PARTS:
            for link in _side_by_side(checker.check, parts[at:], terms.processes, _known(config, readings)):
                watcher.advance()
                yield link
            return


def parts_of(config: Config) -> list[range]:
    """The numbers of all links, some at a time."""
    count = len(config.links)
    return [range(start, min(count, start + _LINKS_AT_ONCE)) for start in range(0, count, _LINKS_AT_ONCE)]


def _side_by_side(check: Check, parts: Sequence[range], processes: int, known: list[object]) -> Iterator[LintedLink]:
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    try:
        given = map_forked(lambda number: _traced(lambda: check(parts[number])), len(parts), known, processes)
        for done, part in enumerate(given, start=1):
            if effort.may_spend(part.effort) and part.steps <= left_of_call():
                effort.spend(part.effort)
                spend_of_call(part.steps)
                add_trace(part.asked)
                yield from part.links
            else:
                yield from check(parts[done - 1])
    except BrokenProcessPool:
        # Ended from outside, perhaps for want of memory: one process takes less.
        for numbers in parts[done:]:
            yield from check(numbers)


def measured(check: Callable[[], list[LintedLink]]) -> Part:
    """The links that are checked, and what that took."""
    spent, left = effort.spent(), left_of_call()
    links = check()
    return Part(links, effort.spent() - spent, left - left_of_call())


def _traced(check: Callable[[], list[LintedLink]]) -> Part:
    """The same with what was asked of files, of which no other process knows."""
    with traced() as asked:
        return measured(check)._replace(asked=asked)


def _known(config: Config, readings: Mapping[str, Reading]) -> list[object]:
    """What links share with what was read."""
    models = [reading.linted for reading in readings.values()]
    signatures = [model.signature for model in models if model.signature is not None]
    specs = [one.spec for signature in signatures for one in (*signature.inputs, *signature.outputs)]
    names = [name for link in config.links for name in (link.producer, link.consumer)]
    return [*(model.side for model in models), *specs, *names]


def _link(
    config: Config,
    planned: PlannedLink,
    report: Report | None,
    location: Location,
    permission: Permission,
    signatures: Mapping[str, Signature],
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
    return tell_in_config(link, signatures)


def _needed(entry: LinkEntry, report: Report) -> str | None:
    # Tensors that fit and are only called otherwise need no file, unless the link asks for one.
    if entry.adapter is None and report.verdict == "fits":
        return None
    return None if report.result.adapter is None else report.result.adapter.source
