"""Meaning: what a verdict says, in the words of every report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sigcheck.schema.plan import Verdict

if TYPE_CHECKING:
    from sigcheck.schema.chain import ChainResult
    from sigcheck.schema.finding import Finding
    from sigcheck.schema.report import Binding, CheckResult

# Said where nothing better is known of an undecided one.
_UNDECLARED = "a declaration is needed"
_MEANS: Mapping[Verdict, str] = {
    "fits": "nothing to do",
    "adapts": "an adapter makes it fit",
    "guarded": "an adapter makes it fit, and asserts what only the run decides",
    "undecided": _UNDECLARED,
    "blocked": "no adapter within the policy",
}
_STOPPED = "the search ended at its limit"
_UNREAD = "a spec could not be read in full"
_TIED = "several plans tie, and nothing declared decides"
_MADE_UP = "the only plan makes up what nobody declared"
# What is undecided without a binding, by the rule that says so.
_BY_RULE: Mapping[str, str] = {
    "ambiguous_binding": "several outputs tie for an input, and nothing declared decides",
    "ambiguous_junction": "how outputs are joined is not declared",
    "no_junction": _UNREAD,
    "unshared_batch": "inputs of one consumer may get different batches",
    "misplaced_rows": "rows of one consumer may come to lie at different places",
    "misplaced_boxes": "boxes may no longer be of the picture beside them",
}
# Why an input is undecided that would not be alone.
_OF_SEVERAL = ("unshared_batch", "misplaced_rows", "misplaced_boxes")
# A link that could not be checked at all has no bindings; its problem stands beside it.
UNCHECKED = "could not be checked"


def meaning(verdict: Verdict, bindings: Iterable[Binding], findings: Iterable[Finding] = ()) -> str:
    """What a verdict of these bindings says; of an undecided one every cause that the bindings and findings show.

    >>> meaning("fits", ())
    'nothing to do'
    """
    if verdict != "undecided":
        return _MEANS[verdict]
    told = {(one.rule, one.place) for one in findings if one.level == "error"}
    rules = {rule for rule, _ in told}
    causes = [
        *(_BY_RULE[rule] for rule in _BY_RULE if rule in rules),
        *(
            cause
            for one in _all_of(bindings)
            if one.verdict == "undecided" and not {(rule, one.required) for rule in _OF_SEVERAL} & told
            for cause in _causes(one)
        ),
    ]
    return "; ".join(dict.fromkeys(causes)) or _UNDECLARED


def meaning_of(result: CheckResult | ChainResult) -> str:
    """What the verdict of a check, or of all links of a chain, says."""
    from sigcheck.schema.report import CheckResult

    links = (result,) if isinstance(result, CheckResult) else result.links
    return meaning(
        result.verdict,
        [one for link in links for one in link.bindings],
        [one for link in links if link.verdict == "undecided" for one in link.findings],
    )


def _all_of(bindings: Iterable[Binding]) -> Iterator[Binding]:
    """Yields what was searched for by itself: the parts of a binding that has some, and the binding that has none."""
    for binding in bindings:
        if any(part.verdict == "undecided" for part in binding.parts):
            yield from _all_of(binding.parts)
        else:
            yield binding


def _causes(binding: Binding) -> Iterator[str]:
    if binding.provided_spec.dtype is None or binding.required_spec.dtype is None:
        yield _UNREAD
    if len(binding.candidates) > 1:
        yield _TIED
    if binding.is_cut_short:
        yield _STOPPED
    elif len(binding.candidates) == 1:
        yield _MADE_UP
