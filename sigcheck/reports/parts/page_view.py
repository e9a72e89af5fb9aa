"""Page view: a result as the HTML page shows it, in values that a template only has to write down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sigcheck.reports.parts.comparison import Row, compare
from sigcheck.reports.parts.digest import counted, side_text
from sigcheck.reports.parts.feed_words import feed_words
from sigcheck.reports.parts.meaning import meaning
from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.schema.finding import Finding
from sigcheck.schema.plan import VERDICTS, Verdict
from sigcheck.schema.report import Binding, CheckResult, Verification

if TYPE_CHECKING:
    import networkx as nx

    from sigcheck.schema.constraint import Constraint
    from sigcheck.schema.plan import Plan, Step
    from sigcheck.schema.project import LintedModel, LintFinding, LintResult
    from sigcheck.schema.report import ChainResult, LedgerEntry
    from sigcheck.schema.upgrade import DiffResult

# For each input that was planned for, the graph that was searched.
Graphs = Mapping[str, "nx.DiGraph[Any]"]
Standing = Literal["chosen", "tied", "candidate", "dearer", "nearest"]

# A picture of more links than these is drawn when it is asked for: browsers take a second for 500.
MOST_DRAWN = 80
# Of more links than these a reader first chooses one.
MOST_OPEN = 3


@dataclass(frozen=True)
class FindingView:
    """A finding; `suppression` is why it does not count, `where` the line of the config."""

    finding: Finding
    where: str = ""
    suppression: str | None = None
    has_specs: bool = True


@dataclass(frozen=True)
class PlanView:
    """A plan beside the others of its binding."""

    standing: Standing
    plan: Plan


@dataclass(frozen=True)
class BindingView:
    """A binding with both specs side by side, and the plans that were weighed."""

    binding: Binding
    rows: tuple[Row, ...]
    plans: tuple[PlanView, ...]
    graph: nx.DiGraph[Any] | None
    obstacle: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the plan that was chosen."""
        return () if self.binding.plan is None else self.binding.told_steps


@dataclass(frozen=True)
class LinkView:
    """A link, from 1; `is_open` where the page shows it whole at once. `effect` is that of a change."""

    number: int
    name: str
    verdict: Verdict
    bindings: tuple[BindingView, ...]
    findings: tuple[FindingView, ...]
    unchecked: tuple[str, ...] = ()
    proof: Verification | None = None
    adapter: str | None = None
    adapter_file: str | None = None
    adapter_state: str = ""
    where: str = ""
    problem: str | None = None
    effect: str = ""
    is_open: bool = False

    @property
    def meaning(self) -> str:
        """What the verdict means."""
        return meaning(self.verdict, [one.binding for one in self.bindings])

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that found something here."""
        return tuple(dict.fromkeys(one.finding.rule for one in self.findings))

    @property
    def needle(self) -> str:
        """What the search box looks in: names, specs and rules."""
        names = (
            f"{one.binding.provided} {one.binding.required} {one.binding.provided_spec} {one.binding.required_spec}"
            for one in self.bindings
        )
        return " ".join([*names, *self.rules]).lower()


@dataclass(frozen=True)
class PageView:
    """The whole page. `standing` colours the headline: the worst verdict, or what a lint came to.

    `fed` says which sizes a pipeline may be fed, and `demands` what of it is demanded where.
    """

    title: str
    subtitle: str
    headline: str
    standing: str
    meaning: str
    links: tuple[LinkView, ...]
    findings: tuple[FindingView, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    models: tuple[LintedModel, ...] = ()
    fed: tuple[str, ...] = ()
    demands: tuple[Constraint, ...] = ()

    @property
    def is_large(self) -> bool:
        """Whether the picture is better shown only when it is asked for."""
        return len(self.links) > MOST_DRAWN

    @property
    def counts(self) -> tuple[tuple[Verdict, int], ...]:
        """How many links of each verdict, the best first."""
        found = Counter(link.verdict for link in self.links)
        return tuple((verdict, found[verdict]) for verdict in VERDICTS if found[verdict])

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule that found something on the page, by name."""
        return tuple(sorted({*self.link_rules, *(one.finding.rule for one in self.findings)}))

    @property
    def link_rules(self) -> tuple[str, ...]:
        """Every rule that found something at a link, by name."""
        return tuple(sorted({rule for link in self.links for rule in link.rules}))

    @property
    def levels(self) -> tuple[tuple[str, int], ...]:
        """How many findings that count, of each level, the worst first."""
        told = [*self.findings, *(one for link in self.links for one in link.findings)]
        found = Counter(one.finding.level for one in told if one.suppression is None)
        return tuple((level, found[level]) for level in ("error", "warning", "note") if found[level])


def view_check(result: CheckResult, graphs: Graphs) -> PageView:
    """A check, whose one link is open."""
    link = _link(1, _name(result), result, graphs, is_open=True)
    return PageView(
        title=link.name,
        subtitle="",
        headline=result.verdict,
        standing=result.verdict,
        meaning=meaning(result.verdict, result.bindings),
        links=(link,),
        ledger=_ledger([result]),
    )


def view_chain(result: ChainResult, graphs: Sequence[Graphs]) -> PageView:
    """A chain, with the ledger of all links."""
    is_open = len(result.links) <= MOST_OPEN
    sides = [side_text(side) for link in result.links[:1] for side in (link.producer,)]
    sides += [side_text(link.consumer) for link in result.links]
    links = (
        _link(at, _name(link), link, graphs[at - 1] if at <= len(graphs) else {}, is_open=is_open)
        for at, link in enumerate(result.links, start=1)
    )
    return PageView(
        title=" → ".join(sides),
        subtitle=counted(len(result.links), "link"),
        headline=result.verdict,
        standing=result.verdict,
        meaning=meaning(result.verdict, [one for link in result.links for one in link.bindings]),
        links=tuple(links),
        ledger=result.ledger,
        fed=() if result.feed is None else tuple(feed_words(result.feed)),
        demands=() if result.feed is None else result.feed.constraints,
    )


def view_lint(result: LintResult) -> PageView:
    """A project: what is found at a link stands with the link."""
    by_subject: dict[str, list[LintFinding]] = {}
    for one in result.findings:
        by_subject.setdefault(one.subject, []).append(one)
    is_open = len(result.links) <= MOST_OPEN
    links = []
    for at, link in enumerate(result.links, start=1):
        told = [_lint_finding(one, has_specs=link.check is None) for one in by_subject.pop(link.name, ())]
        check = link.check
        links.append(
            LinkView(
                number=at,
                name=link.name,
                verdict=link.verdict,
                bindings=() if check is None else tuple(_binding(one, None) for one in check.bindings),
                findings=tuple(told),
                unchecked=() if check is None else check.unchecked,
                proof=None if check is None else check.verification,
                adapter=None if check is None or check.adapter is None else check.adapter.source,
                adapter_file=link.adapter,
                adapter_state="" if link.adapter_state == "not_needed" else link.adapter_state.replace("_", " "),
                where=str(link.location),
                problem=link.problem,
                is_open=is_open,
            )
        )
    answers = {
        0: ("passed", "fits", "every link fits, or has its adapter"),
        1: ("failed", "blocked", "findings at level error"),
        2: ("could not check", "undecided", "a check that could not be made has not passed"),
    }
    headline, standing, meaning = answers[result.exit_code]
    return PageView(
        title=result.config,
        subtitle=f"{counted(len(result.models), 'model')}, {counted(len(result.links), 'link')}",
        headline=headline,
        standing=standing,
        meaning=meaning,
        links=tuple(links),
        findings=tuple(_lint_finding(one) for told in by_subject.values() for one in told),
        ledger=_ledger([link.check for link in result.links if link.check is not None]) if is_open else (),
        models=result.models,
    )


def view_diff(result: DiffResult) -> PageView:
    """What changed, and the links that the change reaches."""
    is_open = len(result.links) <= MOST_OPEN
    links = (
        _link(at, one.link, one.after, {}, is_open=is_open, effect=f"{one.effect}, was {one.before}")
        for at, one in enumerate(result.links, start=1)
    )
    answers = {
        0: ("compatible", "fits", "nothing that changed breaks anybody"),
        1: ("breaks", "blocked", "a change that breaks"),
        2: ("could not check", "undecided", "a link can no longer be decided"),
    }
    headline, standing, meaning = answers[result.exit_code]
    return PageView(
        title=f"{side_text(result.old)} → {side_text(result.new)}",
        subtitle=f"{counted(len(result.findings), 'change')}, {counted(len(result.links), 'link')}",
        headline=headline,
        standing=standing,
        meaning=meaning,
        links=tuple(links),
        findings=tuple(map(FindingView, result.findings)),
    )


def _name(result: CheckResult) -> str:
    return f"{side_text(result.producer)} → {side_text(result.consumer)}"


def _link(number: int, name: str, result: CheckResult, graphs: Graphs, *, is_open: bool, effect: str = "") -> LinkView:
    bound = {name for one in result.bindings for name in (one.required, *(source.name for source in one.sources))}
    return LinkView(
        number=number,
        name=name,
        verdict=result.verdict,
        bindings=tuple(_binding(one, graphs.get(one.required)) for one in result.bindings),
        findings=tuple(FindingView(one, has_specs=one.place not in bound) for one in result.findings),
        unchecked=result.unchecked,
        proof=result.verification,
        adapter=None if result.adapter is None else result.adapter.source,
        is_open=is_open,
        effect=effect,
    )


def _lint_finding(one: LintFinding, *, has_specs: bool = True) -> FindingView:
    suppression = None if one.suppression is None else f"{one.suppression.by}: {one.suppression.reason}"
    return FindingView(one.finding, f"{one.subject}, {one.location}", suppression, has_specs=has_specs)


def _binding(binding: Binding, graph: nx.DiGraph[Any] | None) -> BindingView:
    plans = [
        *_standing("chosen", [] if binding.whole is None else [binding.whole]),
        *_standing("tied" if len(binding.candidates) > 1 else "candidate", binding.candidates),
        *_standing("dearer", binding.alternatives),
        *_standing("nearest", [] if binding.nearest is None else [binding.nearest]),
    ]
    has_choice = binding.junction is not None or len(plans) > 1 or any(one.standing != "chosen" for one in plans)
    return BindingView(
        binding,
        compare(binding.provided_spec, binding.required_spec),
        tuple(one for one in plans if one.plan.steps) if has_choice else (),
        graph if graph is not None and graph.number_of_edges() else None,
        tell_obstacle(binding),
    )


def _standing(standing: Standing, plans: Iterable[Plan]) -> list[PlanView]:
    return [PlanView(standing, plan) for plan in plans]


def _ledger(results: Sequence[CheckResult]) -> tuple[LedgerEntry, ...]:
    from sigcheck.schema.report import ChainResult

    return ChainResult(links=tuple(results)).ledger
