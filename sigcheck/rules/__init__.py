"""Rules: one kind of mismatch per file; those of a match, of an upgrade, of a project and of data have a folder each.

A rule sees one match, one upgrade or one project (`views`), and yields findings; it decides nothing.
Each difference between two specs has one rule that speaks for it, named in the help pages, so that
nothing is said twice. An entry's ORDER says when its findings at one place are told. Of a match:
what is not joined, what cannot be read, then structure, dtype, values, and what the plan rests on.
Of an upgrade: from what is gone to what is merely other; what breaks nobody comes last.
"""

from __future__ import annotations

from inspect import getdoc
from typing import TYPE_CHECKING, cast

from sigcheck.schema.catalog import Catalog
from sigcheck.schema.errors import UsageError
from sigcheck.schema.near_name import near_names

if TYPE_CHECKING:
    from types import ModuleType

    from sigcheck.rules.views.comparison import ComparisonRule, ComparisonView
    from sigcheck.rules.views.match import MatchView, Rule
    from sigcheck.rules.views.observations import ObservationRule, ObservationsView
    from sigcheck.rules.views.project import ProjectRule, ProjectView, Told
    from sigcheck.rules.views.upgrade import UpgradeRule, UpgradeView
    from sigcheck.schema.finding import Finding

CATALOG: Catalog[Rule] = Catalog(f"{__name__}.match")
UPGRADE_CATALOG: Catalog[UpgradeRule] = Catalog(f"{__name__}.upgrade")
PROJECT_CATALOG: Catalog[ProjectRule] = Catalog(f"{__name__}.project")
COMPARISON_CATALOG: Catalog[ComparisonRule] = Catalog(f"{__name__}.comparison")
OBSERVATION_CATALOG: Catalog[ObservationRule] = Catalog(f"{__name__}.observation")
# Of a rule that looks at matches and at projects the page of the first is shown.
RULES: Catalog[Rule | UpgradeRule | ProjectRule | ComparisonRule | ObservationRule] = Catalog(
    *(f"{__name__}.{kind}" for kind in ("match", "upgrade", "project", "comparison", "observation"))
)


def find_all(match: MatchView) -> tuple[Finding, ...]:
    """What all rules find: place by place in the order of the bindings, rule by rule in their order.

    A blocked binding has at least one finding at level error: `no_adapter` speaks where no
    other rule does, and only there. Of a match in which there is nothing to compare only the rules are
    loaded that say `OF_EVERY_MATCH`.
    """
    rules = CATALOG.marked("OF_EVERY_MATCH") if match.is_silent else CATALOG.in_order()
    if not rules:
        return ()
    from sigcheck.planning.effort import OF_CONSUMER, bounded_effort

    # What would make it fit is tried, too.
    with bounded_effort(OF_CONSUMER):
        found = [finding for rule in rules for finding in rule.find(match)]
    explained = {one.place for one in found if one.level == "error" and one.rule != "no_adapter"}
    told = [one for one in found if one.rule != "no_adapter" or one.place not in explained]
    if len(match.inputs) > 1:
        told = [_of_input(one, match) for one in told]
    places = {name: at for at, name in enumerate(dict.fromkeys(_places(match)))}
    return tuple(sorted(told, key=lambda one: places.get(one.place, len(places))))


def _of_input(finding: Finding, match: MatchView) -> Finding:
    """The finding with a loss that its help allows told of the one input."""
    from sigcheck.planning.opening import of_input

    if finding.help is None or not any(one.name == finding.place for one in match.inputs):
        return finding
    return finding.model_copy(update={"help": of_input(finding.help, finding.place)})


def find_changes(upgrade: UpgradeView) -> tuple[Finding, ...]:
    """What changed from the old signature to the new: each change once, in the order of the signature."""
    found = [finding for rule in UPGRADE_CATALOG.in_order() for finding in rule.find(upgrade)]
    sides = (upgrade.old,) if upgrade.new is None else (upgrade.old, upgrade.new)
    names = [one.name for side in sides for one in (*side.inputs, *side.outputs)]
    places = {name: at for at, name in enumerate(dict.fromkeys(names))}
    return tuple(sorted(found, key=lambda one: places.get(one.place, len(places))))


def find_in_project(project: ProjectView) -> tuple[Told, ...]:
    """What all rules find in a project, rule by rule in their order."""
    return tuple(told for rule in PROJECT_CATALOG.in_order() for told in rule.find(project))


def find_in_comparison(comparison: ComparisonView) -> tuple[Told, ...]:
    """What all rules find in two states of a project, rule by rule in their order."""
    return tuple(told for rule in COMPARISON_CATALOG.in_order() for told in rule.find(comparison))


def find_in_observations(observations: ObservationsView) -> tuple[Finding, ...]:
    """What all rules find in two observations of a tensor, rule by rule in their order."""
    return tuple(found for rule in OBSERVATION_CATALOG.in_order() for found in rule.find(observations))


def explain(rule: str) -> str:
    """The help page of a rule, headed by its name. Raises UsageError, naming the nearest rule."""
    if rule not in RULES:
        near = near_names(rule, RULES)
        hint = f"Did you mean {near[0]}?" if near else "`sigcheck explain` lists all."
        raise UsageError("explain", f"no rule {rule!r}. {hint}")
    return f"{rule} ({RULES[rule].LEVEL})\n\n{_page(RULES[rule])}"


def summary(rule: str) -> str:
    """The first line of the help page of a rule."""
    return _page(RULES[rule]).partition("\n")[0]


def _page(rule: Rule | UpgradeRule | ProjectRule | ComparisonRule | ObservationRule) -> str:
    return getdoc(cast("ModuleType", rule)) or ""


def _places(match: MatchView) -> list[str]:
    inputs = [endpoint.name for endpoint in match.inputs]
    return [*inputs, *(binding.required for binding in match.bindings), *(output.name for output in match.outputs)]
