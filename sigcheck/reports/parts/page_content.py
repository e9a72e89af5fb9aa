"""Page content: a result in the values that the HTML page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sigcheck.reports.parts.comparison import compare
from sigcheck.reports.parts.digest import counted, fingerprint
from sigcheck.reports.parts.feed_words import feed_words
from sigcheck.reports.parts.meaning import meaning_of
from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.reports.parts.page_view import (
    BindingView,
    Cure,
    Edges,
    FindingView,
    LinkView,
    PageView,
    PlanView,
    Standing,
)
from sigcheck.reports.parts.row_words import row_words
from sigcheck.rules.words.config_words import LinkModels, as_tables
from sigcheck.rules.words.option import cures as ways_of
from sigcheck.rules.words.python_words import as_arguments
from sigcheck.schema.report import Binding, CheckResult

if TYPE_CHECKING:
    from sigcheck.reports.parts.distribution import SeenView
    from sigcheck.schema.chain import ChainResult, LedgerEntry
    from sigcheck.schema.finding import Finding
    from sigcheck.schema.plan import Plan
    from sigcheck.schema.project import LintedLink, LintFinding, LintResult
    from sigcheck.schema.signature import Signature
    from sigcheck.schema.upgrade import DiffResult

# For each input that was planned for, the steps that were looked at.
Searches = Mapping[str, Edges]

# Of more links than these a reader first chooses one.
MOST_OPEN = 3
# Of the digits of a fingerprint: 64 bits tell a million findings apart.
_MOST_ADDRESS = 16


def view_check(result: CheckResult, searched: Searches) -> PageView:
    """A check, whose one link is open."""
    link = _link(1, _name(result), result, searched, is_open=True)
    return PageView(
        title=link.name,
        subtitle="",
        headline=result.verdict,
        standing=result.verdict,
        meaning=meaning_of(result),
        links=(link,),
        ledger=_ledger([result]),
    )


def view_chain(result: ChainResult, searched: Sequence[Searches]) -> PageView:
    """A chain, with the ledger of all links."""
    is_open = len(result.links) <= MOST_OPEN
    sides = [side.named for link in result.links[:1] for side in (link.producer,)]
    sides += [link.consumer.named for link in result.links]
    links = (
        _link(at, _name(link), link, searched[at - 1] if at <= len(searched) else {}, is_open=is_open)
        for at, link in enumerate(result.links, start=1)
    )
    return PageView(
        title=" → ".join(sides),
        subtitle=counted(len(result.links), "link"),
        headline=result.verdict,
        standing=result.verdict,
        meaning=meaning_of(result),
        links=tuple(links),
        ledger=result.ledger,
        fed=() if result.feed is None else tuple(feed_words(result.feed)),
        demands=() if result.feed is None else result.feed.constraints,
    )


def view_lint(result: LintResult) -> PageView:
    """A project: what is found at a link stands with the link; links with errors first, then in order of the config."""
    from sigcheck.reports.parts.next_steps import next_steps
    from sigcheck.schema.project import signatures_of

    by_subject: dict[str, list[LintFinding]] = {}
    for one in result.findings:
        by_subject.setdefault(one.subject, []).append(one)
    is_open = len(result.links) <= MOST_OPEN
    links, signatures = [], signatures_of(result.models)
    for at, link in enumerate(result.links, start=1):
        told = [
            _lint_finding(one, has_specs=link.check is None, cures=_cures_of_link(link, one, signatures))
            for one in by_subject.pop(link.name, ())
        ]
        check = link.check
        links.append(
            LinkView(
                number=at,
                name=link.name,
                verdict=link.verdict,
                bindings=() if check is None else tuple(_binding(one, {}) for one in check.bindings),
                findings=tuple(told),
                unchecked=() if check is None else check.unchecked,
                proof=None if check is None else check.verification,
                adapter=None if check is None or check.adapter is None else check.adapter.source,
                adapter_file=link.adapter,
                adapter_state="" if link.adapter_state == "not_needed" else link.adapter_state.replace("_", " "),
                where=str(link.location),
                problem=link.problem,
                called="" if check is None else _called(check),
                holds_where=() if check is None else check.holds_where,
                seen=() if check is None else _seen(check),
                choices=() if check is None else check.choices,
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
        links=tuple(sorted(links, key=lambda link: link.severity)),
        findings=tuple(_lint_finding(one) for told in by_subject.values() for one in told),
        ledger=_ledger([link.check for link in result.links if link.check is not None]) if is_open else (),
        models=result.models,
        next_steps=next_steps(result),
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
        title=f"{result.old.named} → {result.new.named}",
        subtitle=f"{counted(len(result.findings), 'change')}, {counted(len(result.links), 'link')}",
        headline=headline,
        standing=standing,
        meaning=meaning,
        links=tuple(links),
        findings=tuple(_findings("", result.findings)),
    )


def _name(result: CheckResult) -> str:
    return f"{result.producer.named} → {result.consumer.named}"


def _link(
    number: int, name: str, result: CheckResult, searched: Searches, *, is_open: bool, effect: str = ""
) -> LinkView:
    bound = {name for one in result.bindings for name in (one.required, *(source.name for source in one.sources))}
    return LinkView(
        number=number,
        name=name,
        verdict=result.verdict,
        bindings=tuple(_binding(one, searched.get(one.required, {})) for one in result.bindings),
        findings=tuple(_findings(f"{number}", result.findings, bound)),
        unchecked=result.unchecked,
        proof=result.verification,
        adapter=None if result.adapter is None else result.adapter.source,
        is_open=is_open,
        effect=effect,
        called=_called(result),
        holds_where=result.holds_where,
        seen=_seen(result),
        choices=result.choices,
    )


def _seen(result: CheckResult) -> tuple[SeenView, ...]:
    if not result.observed:
        return ()
    from sigcheck.reports.parts.distribution import view_seen

    return tuple(map(view_seen, result.observed))


def _findings(subject: str, findings: Iterable[Finding], bound: Collection[str] = ()) -> Iterator[FindingView]:
    """Yields the findings of a link; those of an input whose specs stand above them say no specs."""
    seen: Counter[str] = Counter()
    for one in findings:
        address = fingerprint(subject, one)
        seen[address] += 1
        address = address if seen[address] == 1 else f"{address}-{seen[address]}"
        yield FindingView(one, _address(address), has_specs=one.place not in bound, cures=_cures(one.help))


def _cures(text: str) -> tuple[Cure, ...]:
    """The ways that a help names, as options and as arguments of a call."""
    ways = (
        Cure(
            (
                ("option", " ".join(written for written, _ in way)),
                ("Python", as_arguments(option for _, option in way)),
            )
        )
        for way in ways_of(text)
    )
    # Two parts of a help may come to the same declaration.
    return tuple(dict.fromkeys(ways))


def _cures_of_link(link: LintedLink, told: LintFinding, signatures: Mapping[str, Signature]) -> tuple[Cure, ...]:
    """The ways that a finding of a link names, as text for the config, from which alone a lint reads them."""
    found = () if link.check is None else link.check.findings
    meant = told.finding
    text = next(
        (one.help for one in found if (one.rule, one.place, one.message) == (meant.rule, meant.place, meant.message)),
        "",
    )
    models = LinkModels(link.producer, link.consumer, signatures)
    ways = (Cure((("TOML", as_tables((option for _, option in way), models)),)) for way in ways_of(text))
    return tuple(dict.fromkeys(ways))


def _address(fingerprint: str) -> str:
    return f"finding-{fingerprint[-_MOST_ADDRESS:]}"


def _called(result: CheckResult) -> str:
    return "" if result.row_by_row is None else row_words(result.row_by_row)


def _lint_finding(one: LintFinding, *, has_specs: bool = True, cures: tuple[Cure, ...] = ()) -> FindingView:
    suppression = None if one.suppression is None else f"{one.suppression.by}: {one.suppression.reason}"
    where = f"{one.subject}, {one.location}"
    return FindingView(one.finding, _address(one.fingerprint), where, suppression, has_specs=has_specs, cures=cures)


def _binding(binding: Binding, edges: Edges) -> BindingView:
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
        edges if any(edges.values()) else {},
        tell_obstacle(binding),
    )


def _standing(standing: Standing, plans: Iterable[Plan]) -> list[PlanView]:
    return [PlanView(standing, plan) for plan in plans]


def _ledger(results: Sequence[CheckResult]) -> tuple[LedgerEntry, ...]:
    from sigcheck.schema.chain import ChainResult

    return ChainResult(links=tuple(results)).ledger
