"""Page view: a result as the HTML page shows it, in values that a template only has to write down."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sigcheck.reports.parts.comparison import Row
from sigcheck.reports.parts.meaning import UNCHECKED, meaning
from sigcheck.schema.finding import Finding
from sigcheck.schema.plan import VERDICTS, Verdict
from sigcheck.schema.report import Binding, Verification

if TYPE_CHECKING:
    import networkx as nx

    from sigcheck.schema.constraint import Constraint
    from sigcheck.schema.plan import Plan, Step
    from sigcheck.schema.project import LintedModel
    from sigcheck.schema.report import LedgerEntry

Standing = Literal["chosen", "tied", "candidate", "dearer", "nearest"]

# A picture of more links than these is drawn when it is asked for: browsers take a second for 500.
MOST_DRAWN = 80


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
    """A link, from 1; `is_open` where the page shows it whole at once. `effect` is that of a change, `called`
    how a model is called that is called row by row.
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
    is_open: bool = False

    @property
    def meaning(self) -> str:
        """What the verdict means."""
        if self.problem is not None:
            return UNCHECKED
        return meaning(self.verdict, [one.binding for one in self.bindings], [one.finding for one in self.findings])

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
