"""Effects: what a change of models does to one link, which is planned before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from sigcheck.api import prove
from sigcheck.config.entries import LinkEntry
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.planning.matching import Match
from sigcheck.project.cache import Cache
from sigcheck.project.plan_links import PlannedLink, plan_link
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import add_pair, bound_pairs, meant_outputs
from sigcheck.schema.plan import Verdict
from sigcheck.schema.project import LintedModel
from sigcheck.schema.report import CheckResult
from sigcheck.schema.signature import Signature
from sigcheck.schema.upgrade import Effect, LinkEffect
from sigcheck.stages.draft import Draft
from sigcheck.stages.verify import DEFAULT_TIMEOUT

PASSING: frozenset[Verdict] = frozenset({"fits", "adapts", "guarded"})

_Plan = Callable[[LinkEntry], PlannedLink]


@dataclass(frozen=True)
class Ground:
    """What links are planned on: the folder that their examples lie in, the cache, and what may be read."""

    folder: Path
    cache: Cache
    permission: Permission = NO_PERMISSION


@dataclass(frozen=True)
class End:
    """One side of a change: the entry of the link, and its two models."""

    entry: LinkEntry
    producer: LintedModel
    consumer: LintedModel


def find_effect(before: End, after: End, ground: Ground) -> LinkEffect | str | None:
    """What becomes of a link; the reason where one that passed cannot be planned any more.

    None where nothing is known of it.
    """
    first, _ = _check(before, ground)
    second, problem = _check(after, ground)
    if second is None:
        return problem if _has_passed(first) else None
    return _effect(after.entry, first, second)


def _check(end: End, ground: Ground) -> tuple[CheckResult | None, str | None]:
    def plan(link: LinkEntry) -> PlannedLink:
        return plan_link(link, end.producer, end.consumer, ground.folder, ground.cache, ground.permission)

    entry = end.entry
    planned = _plan(end, entry, plan)
    draft = planned.draft
    if draft is None and entry.example is not None:
        draft = _plan(end, entry.model_copy(update={"example": None}), plan).draft
        draft = None if draft is None else _left_open(draft)
    if draft is None:
        return None, planned.problem
    return prove([draft], "typed", DEFAULT_TIMEOUT)[0].result, None


def _plan(end: End, entry: LinkEntry, plan: _Plan) -> PlannedLink:
    planned = plan(entry)
    if planned.draft is not None or not entry.bind:
        return planned
    return _without_what_is_gone(end, entry, plan) or planned


def _left_open(draft: Draft) -> Draft:
    """The link where its example holds no more, or is gone: what it decided is open, even where no plans tie."""
    bindings = tuple(
        one.model_copy(update={"verdict": "undecided", "plan": None}) if one.verdict in PASSING else one
        for one in draft.match.bindings
    )
    return replace(draft, match=replace(draft.match, bindings=bindings, outcomes=()))


def _without_what_is_gone(end: End, entry: LinkEntry, plan: _Plan) -> PlannedLink | None:
    """The link where a name that is bound is gone: what an input was bound to is made up for by nothing."""
    outputs = {one.name for one in (end.producer.signature or Signature()).outputs}
    inputs = {one.name for one in (end.consumer.signature or Signature()).inputs}
    kept: dict[str, str | list[str]] = {}
    lost: set[str] = set()
    try:
        for output, name in bound_pairs(entry.bind):
            if not outputs.issuperset(meant_outputs(output, outputs)):
                lost.add(name)
        for output, name in bound_pairs(entry.bind):
            if name in inputs - lost:
                add_pair(kept, output, name)
    except UsageError:
        # What is bound was never to be read: nothing is known of the link.
        return None
    planned = plan(entry.model_copy(update={"bind": kept}))
    draft = planned.draft
    if draft is None or not lost:
        return planned
    found = [
        (binding, outcome)
        for binding, outcome in zip_longest(draft.match.bindings, draft.match.outcomes)
        if binding.required not in lost
    ]
    match = Match(
        bindings=tuple(binding for binding, _ in found),
        missing=tuple(one for one in draft.inputs if one.name in lost or one in draft.match.missing),
        unused=draft.match.unused,
        ambiguous=tuple(one for one in draft.match.ambiguous if one[0] not in lost),
        contested=draft.match.contested,
        unjoined=draft.match.unjoined,
        unshared=tuple(one for one in draft.match.unshared if one.required not in lost),
        outcomes=tuple(outcome for _, outcome in found if outcome is not None),
    )
    return PlannedLink(entry, replace(draft, match=match))


def _effect(entry: LinkEntry, before: CheckResult | None, after: CheckResult) -> LinkEffect:
    verdict: Verdict = "undecided" if before is None else before.verdict
    effect = _judge(before, after)
    is_rewritten = effect == "adapter" and before is not None and _moves(before) != _moves(after)
    return LinkEffect(link=entry.title, effect=effect, before=verdict, after=after, is_rewritten=is_rewritten)


def _judge(before: CheckResult | None, after: CheckResult) -> Effect:
    if after.verdict not in PASSING or after.exit_code:
        return "broken" if _has_passed(before) else "failing"
    is_same = before is not None and _steps(before) == _steps(after)
    return "safe" if after.adapter is None or is_same else "adapter"


def _has_passed(check: CheckResult | None) -> bool:
    return check is not None and check.verdict in PASSING and not check.exit_code


def _steps(check: CheckResult) -> list[tuple[str, str, str]]:
    """What an adapter does, whatever its models are called."""
    return [(one.provided, one.required, str(one.whole)) for one in check.bindings]


def _moves(check: CheckResult) -> list[list[str]]:
    """What an adapter does to the values, whatever its inputs and outputs are called."""
    return [[str(step) for step in one.steps] for one in check.bindings]
