"""Diff: what changed from one version of a model to the next, and what becomes of the links."""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.config.config import Config
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.planning.effort import OF_CALL, bounded_effort
from sigcheck.project.cache import Cache
from sigcheck.project.earlier import Earlier
from sigcheck.project.effects import End, find_effect
from sigcheck.project.plan_links import Ground
from sigcheck.project.read_models import Models, declare_entry
from sigcheck.project.versions import Version, read_versions
from sigcheck.rules import find_changes, find_in_comparison
from sigcheck.rules.views.comparison import ComparisonView
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.budget import bounded_call
from sigcheck.schema.collection import without_collection
from sigcheck.schema.errors import UsageError
from sigcheck.schema.finding import Finding
from sigcheck.schema.project import LintedModel, Location
from sigcheck.schema.report import Side
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Model, Signature
from sigcheck.schema.upgrade import DiffResult, LinkEffect

_Pairs = tuple[tuple[Signature, Signature | None], ...]


@bounded_call()
@bounded_effort(OF_CALL)
def diff(old: str, new: str, config: Config | None = None, permission: Permission = NO_PERMISSION) -> DiffResult:
    """The changes from the old version to the new, and the links of the config that they reach.

    Each version is a path, a signature file, a model of the config, `lock`, or `REV:path`. What the
    config names is opened as far as `permission` says.
    Raises SourceError where one cannot be read, UsageError where what it names does not exist.
    """
    with without_collection():
        return _diff(old, new, config, permission)


def _diff(old: str, new: str, config: Config | None, permission: Permission) -> DiffResult:
    before, after = read_versions(old, new, config, permission)
    pairs, changes = _compared(before, after)
    links: tuple[LinkEffect | tuple[str, str], ...] = ()
    if config is not None and before.name is not None:
        links = tuple(_effects(config, before, after, permission))
    view = ComparisonView(
        effects=tuple(one for one in links if isinstance(one, LinkEffect)),
        unplanned=tuple(one for one in links if not isinstance(one, LinkEffect)),
        is_explained=any(one.level == "error" for one in changes),
    )
    return DiffResult(
        old=_side(before.model, pairs),
        new=_side(after.model, pairs, is_new=True),
        findings=(*changes, *(one.finding for one in find_in_comparison(view))),
        links=view.effects,
    )


def diff_models(old: Model, new: Model) -> DiffResult:
    """The changes from one model that was read to another, all signatures of both compared by key."""
    pairs, changes = _compared(Version(old, is_selected=False), Version(new, is_selected=False))
    return DiffResult(old=_side(old, pairs), new=_side(new, pairs, is_new=True), findings=changes)


def _compared(before: Version, after: Version) -> tuple[_Pairs, tuple[Finding, ...]]:
    pairs = tuple(_pairs(before, after))
    return pairs, tuple(one for pair in pairs for one in _changes(pair, is_only=len(pairs) == 1))


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


def _side(model: Model, pairs: _Pairs, *, is_new: bool = False) -> Side:
    chosen = pairs[0][is_new] if len(pairs) == 1 else None
    return Side(source=model.source, reader=model.reader, key="" if chosen is None else chosen.key)


def _effects(
    config: Config, before: Version, after: Version, permission: Permission
) -> Iterator[LinkEffect | tuple[str, str]]:
    """Yields what becomes of each link of the model; of the others only those are read that it is linked with."""
    name = before.name or ""
    models = Models(config, permission)
    ground = Ground(config.folder, Cache(None), permission)
    versions = [_linted(config, name, version) for version in (before, after)]
    order = Earlier(config.links, config.entries.models)
    for entry in config.links:
        earlier = order.meant(entry)
        if name not in {entry.producer, entry.consumer, *earlier}:
            continue
        old, new = (
            End(
                entry,
                version if entry.producer == name else models.read(entry.producer),
                version if entry.consumer == name else models.read(entry.consumer),
                earlier=tuple(version if one == name else models.read(one) for one in earlier),
            )
            for version in versions
        )
        effect = find_effect(old, new, ground)
        if effect is not None:
            yield effect if isinstance(effect, LinkEffect) else (entry.title, effect)


def _linted(config: Config, name: str, version: Version) -> LintedModel:
    """The version in the place of the config's model, with the facts that are declared of it."""
    entry = config.entries.models[name]
    # Nothing that is told of a change has a line.
    location = Location(path=config.path.name)
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
