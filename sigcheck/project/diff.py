"""Diff: what changed from one version of a model to the next, and what becomes of the links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import zip_longest

from sigcheck.config.config import Config
from sigcheck.config.entries import LinkEntry
from sigcheck.draft import Draft
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.planning.binding import Match
from sigcheck.project.cache import Cache
from sigcheck.project.lock_file import FILE, read_lock
from sigcheck.project.plan_links import plan_link
from sigcheck.project.read_models import declare_entry, read_models
from sigcheck.project.versions import Version, read_versions
from sigcheck.proof import DEFAULT_TIMEOUT, prove
from sigcheck.rules import find_changes
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.errors import UsageError
from sigcheck.schema.finding import Finding
from sigcheck.schema.junction import add_pair, bound_pairs, meant_outputs
from sigcheck.schema.plan import Verdict
from sigcheck.schema.project import LintedModel, Location
from sigcheck.schema.report import CheckResult, Side
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Model, Signature
from sigcheck.schema.upgrade import DiffResult, Effect, LinkEffect

_Plan = Callable[[LinkEntry], Draft | None]
_PASSING: frozenset[Verdict] = frozenset({"fits", "adapts", "guarded"})


def diff(old: str, new: str, config: Config | None = None, permission: Permission = NO_PERMISSION) -> DiffResult:
    """The changes from the old version to the new, and the links of the config that they reach.

    Each version is a path, a signature file, a model of the config, `lock`, or `REV:path`. What the
    config names is opened as far as `permission` says.
    Raises SourceError where one cannot be read, UsageError where what it names does not exist.
    """
    before, after = read_versions(old, new, config, permission)
    pairs = tuple(_pairs(before, after))
    findings = [one for pair in pairs for one in _changes(pair, is_only=len(pairs) == 1)]
    links = () if config is None or before.name is None else tuple(_effects(config, before, after, permission))
    return DiffResult(
        old=_side(before.model, pairs),
        new=_side(after.model, pairs, is_new=True),
        findings=tuple(findings),
        links=links,
    )


def diff_models(old: Model, new: Model) -> DiffResult:
    """The changes from one model that was read to another, all signatures of both compared by key."""
    pairs = tuple(_pairs(Version(old, is_selected=False), Version(new, is_selected=False)))
    findings = [one for pair in pairs for one in _changes(pair, is_only=len(pairs) == 1)]
    return DiffResult(old=_side(old, pairs), new=_side(new, pairs, is_new=True), findings=tuple(findings))


def _pairs(before: Version, after: Version) -> Iterator[tuple[Signature, Signature | None]]:
    """The signatures that are compared: by key, or the only ones; one that was named against its like."""
    old, new = before.model.signatures, after.model.signatures
    if before.is_selected or after.is_selected or len(old) == len(new) == 1:
        first = old[0] if len(old) == 1 else _like(before.model, new)
        second = new[0] if len(new) == 1 else _like(after.model, old)
        yield first, second
        return
    known = {(one.key, one.tags): one for one in new}
    for one in old:
        yield one, known.get((one.key, one.tags))


def _like(model: Model, others: tuple[Signature, ...]) -> Signature:
    keys = {one.key for one in model.signatures}
    return select_signature(model, others[0].key if others[0].key in keys else None)


def _changes(pair: tuple[Signature, Signature | None], *, is_only: bool) -> Iterator[Finding]:
    for finding in find_changes(UpgradeView(*pair)):
        is_named = is_only or finding.place == pair[0].key
        yield finding if is_named else finding.model_copy(update={"place": f"{pair[0].key}.{finding.place}"})


def _side(model: Model, pairs: tuple[tuple[Signature, Signature | None], ...], *, is_new: bool = False) -> Side:
    chosen = pairs[0][is_new] if len(pairs) == 1 else None
    return Side(source=model.source, reader=model.reader, key="" if chosen is None else chosen.key)


def _effects(config: Config, before: Version, after: Version, permission: Permission) -> Iterator[LinkEffect]:
    name = before.name or ""
    lock = read_lock(permission.path(config.folder, FILE))
    models = {model: reading.linted for model, reading in read_models(config, lock, permission).items()}
    cache = Cache(None)
    versions = [_linted(config, name, version) for version in (before, after)]
    for entry in config.links:
        if name not in {entry.producer, entry.consumer}:
            continue
        checks = [_check(config, entry, {**models, name: version}, cache, permission) for version in versions]
        if checks[1] is not None:
            yield _effect(entry, checks[0], checks[1])


def _linted(config: Config, name: str, version: Version) -> LintedModel:
    """The version in the place of the config's model, with the facts that are declared of it."""
    entry = config.entries.models[name]
    location: Location = config.location("models", name)
    try:
        signature = select_signature(version.model, entry.key, entry.tags)
    except UsageError:
        signature = select_signature(version.model)
    try:
        signature = declare_entry(name, entry, signature)
    except UsageError:
        # What is declared of a name that this version lacks: the change is told, and the rest declared.
        names = {side: {one.name for one in getattr(signature, side)} for side in ("inputs", "outputs")}
        kept = {side: {n: f for n, f in getattr(entry, side).items() if n in names[side]} for side in names}
        signature = declare_entry(name, entry.model_copy(update=kept), signature)
    return LintedModel(
        name=name, source=version.model.source, location=location, reader=version.model.reader, signature=signature
    )


def _check(
    config: Config, entry: LinkEntry, models: dict[str, LintedModel], cache: Cache, permission: Permission
) -> CheckResult | None:
    def plan(link: LinkEntry) -> Draft | None:
        return plan_link(link, producer, consumer, config.folder, cache, permission).draft

    producer, consumer = models[entry.producer], models[entry.consumer]
    draft = _plan(entry, producer, consumer, plan)
    if draft is None and entry.example is not None:
        draft = _plan(entry.model_copy(update={"example": None}), producer, consumer, plan)
        draft = None if draft is None else _left_open(draft)
    return None if draft is None else prove([draft], "typed", DEFAULT_TIMEOUT)[0].result


def _plan(entry: LinkEntry, producer: LintedModel, consumer: LintedModel, plan: _Plan) -> Draft | None:
    draft = plan(entry)
    if draft is not None or not entry.bind:
        return draft
    return _without_what_is_gone(entry, producer, consumer, plan)


def _left_open(draft: Draft) -> Draft:
    """The link where its example holds no more, or is gone: what it decided is open, even where no plans tie."""
    bindings = tuple(
        one.model_copy(update={"verdict": "undecided", "plan": None}) if one.verdict in _PASSING else one
        for one in draft.match.bindings
    )
    return replace(draft, match=replace(draft.match, bindings=bindings, outcomes=()))


def _without_what_is_gone(entry: LinkEntry, producer: LintedModel, consumer: LintedModel, plan: _Plan) -> Draft | None:
    """The link where a name that is bound is gone: what an input was bound to is made up for by nothing."""
    outputs = {one.name for one in (producer.signature or Signature()).outputs}
    inputs = {one.name for one in (consumer.signature or Signature()).inputs}
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
    draft = plan(entry.model_copy(update={"bind": kept}))
    if draft is None or not lost:
        return draft
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
        outcomes=tuple(outcome for _, outcome in found if outcome is not None),
    )
    return replace(draft, match=match)


def _effect(entry: LinkEntry, before: CheckResult | None, after: CheckResult) -> LinkEffect:
    verdict: Verdict = "undecided" if before is None else before.verdict
    return LinkEffect(link=entry.title, effect=_judge(before, verdict, after), before=verdict, after=after)


def _judge(before: CheckResult | None, verdict: Verdict, after: CheckResult) -> Effect:
    if after.verdict not in _PASSING or after.exit_code:
        return "broken" if verdict in _PASSING and before is not None and not before.exit_code else "failing"
    is_same = before is not None and _steps(before) == _steps(after)
    return "safe" if after.adapter is None or is_same else "adapter"


def _steps(check: CheckResult) -> list[tuple[str, str, str]]:
    """What an adapter does, whatever its models are called."""
    return [(one.provided, one.required, str(one.whole)) for one in check.bindings]
