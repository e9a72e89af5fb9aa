"""Effects: what a change of models does to one link, which is planned before and after."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from sigcheck.api import prove
from sigcheck.config.entries import LinkEntry
from sigcheck.planning.matching import Match
from sigcheck.project.earlier import passed_by
from sigcheck.project.plan_links import Ground, PlannedLink, plan_link
from sigcheck.schema.bind import add_pair, bound_pairs, meant_outputs
from sigcheck.schema.errors import UsageError
from sigcheck.schema.plan import PASSING, Verdict
from sigcheck.schema.project import LintedModel
from sigcheck.schema.report import CheckResult
from sigcheck.schema.signature import Signature
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.schema.upgrade import Effect, LinkEffect, Rebound
from sigcheck.stages.draft import Draft

_Plan = Callable[[LinkEntry], PlannedLink]


@dataclass(frozen=True)
class End:
    """One side of a change: the entry of the link, and its two models.

    `earlier` are models before the producer of which it takes something, `example` is what the file of its example
    holds, where that is another one than what lies on the disk.
    """

    entry: LinkEntry
    producer: LintedModel
    consumer: LintedModel
    earlier: tuple[LintedModel, ...] = field(default=(), kw_only=True)
    example: bytes | None = field(default=None, kw_only=True)

    @property
    def given(self) -> frozenset[str]:
        """The names of all that the link may take."""
        signature = self.producer.signature or Signature()
        passed = {one.name for one in passed_by(self.earlier, signature)}
        return frozenset(passed | {one.name for one in signature.outputs})


def find_effect(before: End, after: End, ground: Ground) -> LinkEffect | str | None:
    """What becomes of a link; the reason where one that passed cannot be planned any more.

    None where nothing is known of it.
    """
    first, _ = _check(before, ground)
    second, problem = _check(after, ground)
    if second is None:
        return problem if _has_passed(first) else None
    outputs = {one.name for one in (after.producer.signature or Signature()).outputs}
    return _effect(after.entry, first, second, outputs)


def _check(end: End, ground: Ground) -> tuple[CheckResult | None, str | None]:
    def plan(link: LinkEntry) -> PlannedLink:
        content = None if link.example is None else end.example
        return plan_link(link, end.producer, end.consumer, ground, content, end.earlier)

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
    outputs = end.given
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
        misplaced=tuple(one for one in draft.match.misplaced if one.required not in lost),
        outcomes=tuple(outcome for _, outcome in found if outcome is not None),
    )
    return PlannedLink(entry, replace(draft, match=match))


def _effect(entry: LinkEntry, before: CheckResult | None, after: CheckResult, outputs: Container[str]) -> LinkEffect:
    verdict: Verdict = "undecided" if before is None else before.verdict
    effect = _judge(before, after)
    is_rewritten = effect == "adapter" and before is not None and _moves(before) != _moves(after)
    rebound = tuple(_rebound(before, after, outputs)) if before is not None and _has_passed(before) else ()
    return LinkEffect(
        link=entry.title, effect=effect, before=verdict, after=after, is_rewritten=is_rewritten, rebound=rebound
    )


def _rebound(before: CheckResult, after: CheckResult, outputs: Container[str]) -> Iterator[Rebound]:
    """Yields the inputs that are fed otherwise. Where what fed one is gone, its model has changed, which says so."""
    fed = {one.required: one for one in before.bindings}
    for one in after.bindings:
        was = fed.get(one.required)
        if was is None or one.verdict not in PASSING or was.provided == one.provided:
            continue
        if all(source.name in outputs for source in was.sources):
            yield Rebound(required=one.required, before=was.provided, after=one.provided)


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
