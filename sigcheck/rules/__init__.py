"""Rules: one kind of mismatch per file. The catalogs below are the whole lists.

A rule sees one match, one upgrade or one project, and yields findings; it decides nothing. Each
difference between two specs has one rule that speaks for it, named in the help pages, so that
nothing is said twice.
"""

from __future__ import annotations

from inspect import getdoc
from typing import TYPE_CHECKING, cast

from sigcheck.schema.catalog import Catalog
from sigcheck.schema.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType

    from sigcheck.rules.project import ProjectRule, ProjectView, Told
    from sigcheck.rules.rule import MatchView, Rule
    from sigcheck.rules.upgrade import UpgradeRule, UpgradeView
    from sigcheck.schema.finding import Finding

# In the order in which findings at one place are told: what is not joined, what cannot be
# read, then structure, dtype, values, and what the plan rests on.
CATALOG: Catalog[Rule] = Catalog(
    __name__,
    "missing_input",
    "ambiguous_binding",
    "ambiguous_junction",
    "no_junction",
    "outputs_together",
    "unknown_dtype",
    "ambiguous_plan",
    "invented_values",
    "kind_mismatch",
    "rank_mismatch",
    "layout_mismatch",
    "size_mismatch",
    "unknown_size",
    "hidden_size_constraint",
    "truncated_rows",
    "dtype_mismatch",
    "lossy_cast",
    "wrapping_cast",
    "overflow_risk",
    "quantization_mismatch",
    "saturating_quantization",
    "normalization_mismatch",
    "value_range_mismatch",
    "double_rescale",
    "meaning_mismatch",
    "double_softmax",
    "channel_order_mismatch",
    "id_out_of_vocabulary",
    "padding_mismatch",
    "batch_statistics",
    "assumed",
    "cast_before_normalize",
    "declared_contradicts_inferred",
    "metadata_contradicts_graph",
    "no_adapter",
    "search_limit",
    "failed_proof",
    "unverified_adapter",
    "unused_output",
)
# From what is gone to what is merely other; what breaks nobody comes last.
UPGRADE_CATALOG: Catalog[UpgradeRule] = Catalog(
    __name__,
    "signature_removed",
    "input_removed",
    "input_added_required",
    "output_removed",
    "kind_changed",
    "dtype_changed",
    "input_narrowed",
    "output_widened",
    "fact_changed",
    "fact_removed",
    "fact_added",
    "inferred_fact_changed",
    "compatible_change",
)
PROJECT_CATALOG: Catalog[ProjectRule] = Catalog(
    __name__,
    "unreadable_model",
    "unchecked_link",
    "missing_adapter",
    "stale_adapter",
    "edited_adapter",
    "unverified_adapter",
    "stale_lock",
    "unused_model",
    "duplicate_signature",
    "unchecked_range",
    "unchecked_fact",
    "unmatched_ignore",
)
RULES: Catalog[Rule | UpgradeRule | ProjectRule] = Catalog(
    __name__, *dict.fromkeys((*CATALOG, *UPGRADE_CATALOG, *PROJECT_CATALOG))
)

if TYPE_CHECKING:
    from sigcheck.rules import (
        ambiguous_binding,
        ambiguous_junction,
        ambiguous_plan,
        assumed,
        batch_statistics,
        cast_before_normalize,
        channel_order_mismatch,
        compatible_change,
        declared_contradicts_inferred,
        double_rescale,
        double_softmax,
        dtype_changed,
        dtype_mismatch,
        duplicate_signature,
        edited_adapter,
        fact_added,
        fact_changed,
        fact_removed,
        failed_proof,
        hidden_size_constraint,
        id_out_of_vocabulary,
        inferred_fact_changed,
        input_added_required,
        input_narrowed,
        input_removed,
        invented_values,
        kind_changed,
        kind_mismatch,
        layout_mismatch,
        lossy_cast,
        meaning_mismatch,
        metadata_contradicts_graph,
        missing_adapter,
        missing_input,
        no_adapter,
        no_junction,
        normalization_mismatch,
        output_removed,
        output_widened,
        outputs_together,
        overflow_risk,
        padding_mismatch,
        quantization_mismatch,
        rank_mismatch,
        saturating_quantization,
        search_limit,
        signature_removed,
        size_mismatch,
        stale_adapter,
        stale_lock,
        truncated_rows,
        unchecked_fact,
        unchecked_link,
        unchecked_range,
        unknown_dtype,
        unknown_size,
        unmatched_ignore,
        unreadable_model,
        unused_model,
        unused_output,
        unverified_adapter,
        value_range_mismatch,
        wrapping_cast,
    )

    # What the catalogs hold, for the type checker: each module is of the shape that they promise.
    _MATCH: tuple[Rule, ...] = (
        missing_input,
        ambiguous_binding,
        ambiguous_junction,
        no_junction,
        outputs_together,
        unknown_dtype,
        ambiguous_plan,
        invented_values,
        kind_mismatch,
        rank_mismatch,
        layout_mismatch,
        size_mismatch,
        unknown_size,
        hidden_size_constraint,
        truncated_rows,
        dtype_mismatch,
        lossy_cast,
        wrapping_cast,
        overflow_risk,
        quantization_mismatch,
        saturating_quantization,
        normalization_mismatch,
        value_range_mismatch,
        double_rescale,
        meaning_mismatch,
        double_softmax,
        channel_order_mismatch,
        id_out_of_vocabulary,
        padding_mismatch,
        batch_statistics,
        assumed,
        cast_before_normalize,
        declared_contradicts_inferred,
        metadata_contradicts_graph,
        no_adapter,
        search_limit,
        failed_proof,
        unverified_adapter,
        unused_output,
    )
    _UPGRADE: tuple[UpgradeRule, ...] = (
        signature_removed,
        input_removed,
        input_added_required,
        output_removed,
        kind_changed,
        dtype_changed,
        input_narrowed,
        output_widened,
        fact_changed,
        fact_removed,
        fact_added,
        inferred_fact_changed,
        compatible_change,
    )
    _PROJECT: tuple[ProjectRule, ...] = (
        unreadable_model,
        unchecked_link,
        missing_adapter,
        stale_adapter,
        edited_adapter,
        unverified_adapter,
        stale_lock,
        unused_model,
        duplicate_signature,
        unchecked_range,
        unchecked_fact,
        unmatched_ignore,
    )


def find_all(match: MatchView) -> tuple[Finding, ...]:
    """What all rules find: place by place in the order of the bindings, rule by rule in catalog order.

    A blocked binding has at least one finding at level error: `no_adapter` speaks where no
    other rule does, and only there. A match without anything to tell loads no rule.
    """
    if match.is_silent:
        return ()
    found = [finding for rule in CATALOG.values() for finding in rule.find(match)]
    explained = {one.place for one in found if one.level == "error" and one.rule != "no_adapter"}
    told = [one for one in found if one.rule != "no_adapter" or one.place not in explained]
    places = {name: at for at, name in enumerate(dict.fromkeys(_places(match)))}
    return tuple(sorted(told, key=lambda one: places.get(one.place, len(places))))


def find_changes(upgrade: UpgradeView) -> tuple[Finding, ...]:
    """What changed from the old signature to the new: each change once, in the order of the signature."""
    found = [finding for rule in UPGRADE_CATALOG.values() for finding in rule.find(upgrade)]
    sides = (upgrade.old,) if upgrade.new is None else (upgrade.old, upgrade.new)
    names = [one.name for side in sides for one in (*side.inputs, *side.outputs)]
    places = {name: at for at, name in enumerate(dict.fromkeys(names))}
    return tuple(sorted(found, key=lambda one: places.get(one.place, len(places))))


def find_in_project(project: ProjectView) -> tuple[Told, ...]:
    """What all rules find in a project, rule by rule in catalog order."""
    return tuple(told for rule in PROJECT_CATALOG.values() for told in rule.find(project))


def explain(rule: str) -> str:
    """The help page of a rule, headed by its name. Raises UsageError, naming the nearest rule."""
    if rule not in RULES:
        from difflib import get_close_matches

        near = get_close_matches(rule, RULES, n=1)
        hint = f"Did you mean {near[0]}?" if near else "`sigcheck explain` lists all."
        raise UsageError("explain", f"no rule {rule!r}. {hint}")
    return f"{rule} ({RULES[rule].LEVEL})\n\n{_page(RULES[rule])}"


def summary(rule: str) -> str:
    """The first line of the help page of a rule."""
    return _page(RULES[rule]).partition("\n")[0]


def _page(rule: Rule | UpgradeRule | ProjectRule) -> str:
    return getdoc(cast("ModuleType", rule)) or ""


def _places(match: MatchView) -> list[str]:
    inputs = [endpoint.name for endpoint in match.inputs]
    return [*inputs, *(binding.required for binding in match.bindings), *(output.name for output in match.outputs)]
