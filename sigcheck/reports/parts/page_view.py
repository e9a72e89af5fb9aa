"""Page view: a result as the HTML page shows it, in values that a template only has to write down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sigcheck.reports.parts.comparison import Row
from sigcheck.reports.parts.meaning import UNCHECKED, meaning
from sigcheck.schema.finding import LEVELS, Finding, Level
from sigcheck.schema.plan import VERDICTS, Verdict
from sigcheck.schema.report import Binding, Verification

if TYPE_CHECKING:
    from sigcheck.reports.parts.distribution import SeenView
    from sigcheck.reports.parts.next_steps import NextStep
    from sigcheck.schema.chain import LedgerEntry
    from sigcheck.schema.constraint import Constraint
    from sigcheck.schema.length_choice import LengthChoice
    from sigcheck.schema.plan import Plan, Step
    from sigcheck.schema.project import LintedModel

# For each spec that was searched from, the step to each that it leads to; the first is the source.
Edges: TypeAlias = "Mapping[Any, Mapping[Any, Step]]"
Standing = Literal["chosen", "tied", "candidate", "dearer", "nearest"]

# A picture of more links than these is drawn when it is asked for: browsers take a second for 500.
MOST_DRAWN = 80

# Links with notes alone have nothing to be done at them.
_SEVERITIES: Mapping[Level, int] = {"error": 0, "warning": 1}


@dataclass(frozen=True)
class Cure:
    """One way to settle a finding, ready to be pasted: for each form (`option`, `Python`, `TOML`) its text."""

    forms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FindingView:
    """A finding; `suppression` is why it does not count, `where` the line of the config.

    `address` is its own on the page, and stays the same when other findings come and go.
    """

    finding: Finding
    address: str
    where: str = ""
    suppression: str | None = None
    has_specs: bool = True
    cures: tuple[Cure, ...] = ()


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
    edges: Edges
    obstacle: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the plan that was chosen."""
        return () if self.binding.plan is None else self.binding.told_steps


@dataclass(frozen=True)
class LinkView:
    """A link, from 1; `is_open` where the page shows it whole at once. `effect` is that of a change, `called`
    how a model is called that is called row by row. `holds_where` is what nobody can tell of sizes before the run,
    `seen` what data showed, `choices` the lengths that rows could have.
    """

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
    called: str = ""
    holds_where: tuple[str, ...] = ()
    seen: tuple[SeenView, ...] = ()
    choices: tuple[LengthChoice, ...] = ()
    is_open: bool = False

    @property
    def meaning(self) -> str:
        """What the verdict means."""
        if self.problem is not None:
            return UNCHECKED
        return meaning(self.verdict, [one.binding for one in self.bindings], [one.finding for one in self.findings])

    @property
    def counts(self) -> tuple[tuple[Level, int], ...]:
        """How many findings that count, of each level, the worst first."""
        return count_levels(self.findings)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of what counts here. What does not pass and is not accepted is an error, whatever found it."""
        found = [level for level, _ in self.counts]
        is_accepted = any(one.suppression is not None and one.finding.level == "error" for one in self.findings)
        is_failing = self.problem is not None or (self.verdict in {"blocked", "undecided"} and not is_accepted)
        return ("error", *found) if is_failing and "error" not in found else tuple(found)

    @property
    def severity(self) -> int:
        """Where it stands among the links: errors first, then warnings, then the rest."""
        return min((_SEVERITIES.get(level, len(_SEVERITIES)) for level in self.levels), default=len(_SEVERITIES))

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

    `fed` says which sizes a pipeline may be fed, and `demands` what of it is demanded where; `next_steps` are the
    declarations that settle most.
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
    next_steps: tuple[NextStep, ...] = ()

    @property
    def numbers(self) -> Mapping[str, int]:
        """The number of each link by its name."""
        return {link.name: link.number for link in self.links}

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
    def transforms(self) -> tuple[str, ...]:
        """What every step on the page is called, by name."""
        bindings = [one for link in self.links for one in link.bindings]
        plans = (view.plan.steps for one in bindings for view in one.plans)
        return tuple(sorted({step.transform for steps in (*plans, *(one.steps for one in bindings)) for step in steps}))

    @property
    def link_rules(self) -> tuple[str, ...]:
        """Every rule that found something at a link, by name."""
        return tuple(sorted({rule for link in self.links for rule in link.rules}))

    @property
    def levels(self) -> tuple[tuple[Level, int], ...]:
        """How many findings that count, of each level, the worst first."""
        return count_levels([*self.findings, *(one for link in self.links for one in link.findings)])

    @property
    def link_levels(self) -> tuple[Level, ...]:
        """The levels of what counts at a link, the worst first."""
        return tuple(level for level in reversed(LEVELS) if any(level in link.levels for link in self.links))


def count_levels(findings: Sequence[FindingView]) -> tuple[tuple[Level, int], ...]:
    """How many of them that count, of each level, the worst first."""
    found = Counter(one.finding.level for one in findings if one.suppression is None)
    return tuple((level, found[level]) for level in reversed(LEVELS) if found[level])
