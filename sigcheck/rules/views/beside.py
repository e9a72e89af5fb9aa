"""Beside: a finding on an input that gets something else than others of the same consumer do."""

from __future__ import annotations

from sigcheck.planning.batch import Unshared
from sigcheck.planning.row_places import Misplaced
from sigcheck.rules.words.wording import listed
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Binding


def beside_others(rule: str, level: Level, found: Unshared | Misplaced, binding: Binding, advice: str) -> Finding:
    """The finding at this input: what it gets, and what those beside it get."""
    return Finding(
        rule=rule,
        level=level,
        place=found.required,
        message=f"it gets {found.own}, and {listed(found.others)} {found.other}",
        help=advice,
        required=f"{found.required}: {binding.required_spec}",
        provided=f"{binding.provided}: {binding.provided_spec}",
    )
