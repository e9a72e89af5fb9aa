"""Chosen rules: a lint of which only some rules are told, as somebody asked for this once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sigcheck.rules import RULES
from sigcheck.schema.errors import UsageError
from sigcheck.schema.near_name import near_names
from sigcheck.schema.printable import shortened
from sigcheck.schema.project import LintResult


def read_rules(option: str, written: Sequence[str]) -> frozenset[str]:
    """The rules that an option names: several of it, or with commas between. Raises UsageError for what is none.

    >>> sorted(read_rules("--ignore", ["lossy_cast,rank_mismatch", "assumed"]))
    ['assumed', 'lossy_cast', 'rank_mismatch']
    """
    names = [name.strip() for text in written for name in text.split(",")]
    for name in names:
        if name not in RULES:
            near = near_names(name, RULES)
            cure = f"Did you mean {near[0]!r}?" if near else "`sigcheck explain` lists all."
            raise UsageError(option, f"no rule {shortened(name)!r}. {cure}")
    return frozenset(names)


def choose_rules(result: LintResult, select: Collection[str], ignore: Collection[str]) -> tuple[LintResult, int]:
    """The lint with what the rules of `select`, or all, found without those of `ignore`; how many it leaves out.

    Only what counts is counted. What could not be checked is not for a choice of rules to pass: an undecided
    link is accepted where it was before, and nowhere else.
    """
    incomplete = set(result.incomplete)

    def is_kept(rule: str) -> bool:
        return (not select or rule in select) and rule not in ignore

    # What is ignored goes with the link that is undecided for something else: alone it would make the link accepted.
    findings = tuple(
        one
        for one in result.findings
        if (is_kept(one.finding.rule) if one.suppression is None else one.subject not in incomplete)
    )
    left_out = sum(one.suppression is None for one in result.findings) - sum(
        one.suppression is None for one in findings
    )
    # A copy would carry what the old value has computed already.
    kept = {name: getattr(result, name) for name in LintResult.model_fields}
    return LintResult(**{**kept, "findings": findings}), left_out
