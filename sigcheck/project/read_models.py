"""Read: every model of the config, from its source, or from the lock where the source is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sigcheck.config.config import Config
from sigcheck.config.describe import nearest
from sigcheck.config.entries import ModelEntry
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.encodings.source import Source
from sigcheck.planning.box_images import with_image_sizes
from sigcheck.planning.declaration import declare
from sigcheck.project.cache import NO_CACHE, Cache
from sigcheck.project.lock_file import FILE, Lock, LockedModel, read_lock
from sigcheck.project.read_once import ReadOnce, place_of
from sigcheck.rules import find_changes
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.address import is_address, masked
from sigcheck.schema.budget import bounded_call, keep_endpoints
from sigcheck.schema.errors import NotLoadedError, SigcheckError, SourceError, UnsaidError, UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.finding import Finding
from sigcheck.schema.project import LintedModel, Location, LockState, Unread
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Endpoint, Signature

# Requests at one time, as browsers make to one host.
_CONNECTIONS = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """One model: what a report says of it, what was read of its source, and how it differs from the lock.

    `read` is the signature without the facts that the config declares; None where the source was not read. `content`
    is a digest of what was loaded.
    """

    linted: LintedModel
    read: Signature | None = None
    changes: tuple[Finding, ...] = ()
    content: str | None = None

    @property
    def locked(self) -> LockedModel | None:
        """What the lock would say of it."""
        if self.read is None:
            return None
        return LockedModel.of(self.linted.source, self.linted.reader or "", self.read, self.content)


def read_models(
    config: Config,
    lock: Lock | None,
    permission: Permission = NO_PERMISSION,
    cache: Cache = NO_CACHE,
    names: Iterable[str] | None = None,
) -> dict[str, Reading]:
    """All models, or those of these names, opened as far as a person permits.

    What goes wrong is the `problem` of its model.
    """
    all_entries = config.entries.models
    entries = all_entries if names is None else {name: all_entries[name] for name in names}
    once = ReadOnce(config.folder, entries.values(), permission, cache)
    with bounded_call():
        if not permission.remote or not any(is_address(entry.source) for entry in entries.values()):
            # Parsing is Python: on files at hand threads cost a third more processor time, and save none.
            return {
                name: _read(config.location("models", name), name, entry, lock, once) for name, entry in entries.items()
            }
        return _read_at_once(config, entries, lock, once)


def _read_at_once(
    config: Config, entries: Mapping[str, ModelEntry], lock: Lock | None, once: ReadOnce
) -> dict[str, Reading]:
    """The same in threads, which wait for servers together; models of one address in one of them."""
    from concurrent.futures import ThreadPoolExecutor
    from contextvars import copy_context

    groups: dict[str, list[str]] = {}
    for name, entry in entries.items():
        groups.setdefault(place_of(entry.source), []).append(name)

    def read_group(names: Iterable[str]) -> dict[str, Reading]:
        return {name: _read(config.location("models", name), name, entries[name], lock, once) for name in names}

    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        # Each in a copy of what is set here, such as what the call may take.
        futures = [pool.submit(copy_context().run, read_group, names) for names in groups.values()]
        found = {name: reading for future in futures for name, reading in future.result().items()}
    return {name: found[name] for name in entries}


def _read(location: Location, name: str, entry: ModelEntry, lock: Lock | None, once: ReadOnce) -> Reading:
    shown = masked(entry.source) if is_address(entry.source) else entry.source
    linted = LintedModel(name=name, source=shown, location=location, lock=_unread_state(name, lock))
    agreed = lock.models.get(name) if lock is not None else None
    if agreed is not None and not entry.infer:
        # Locked before it was said: what graphs proved then is not compared with nothing.
        agreed = agreed.model_copy(update={"signature": agreed.signature.without_inferred()})
    try:
        source = None if agreed is None else once.find_here(entry.source)
        if agreed is not None and source is not None and _answers(agreed, source, entry, once):
            source = None
        if agreed is not None and source is None:
            signature = declare_entry(name, entry, agreed.signature)
            return Reading(
                linted.model_copy(update={"reader": agreed.reader, "signature": signature, "origin": "lock"})
            )
        if source is None:
            source = once.source(entry.source)
        model = once.model(entry, source)
        signature = select_signature(model)
        keep_endpoints(len(signature.inputs) + len(signature.outputs))
        state, changes = _compare(agreed, shown, signature)
        read = linted.model_copy(
            update={
                "reader": model.reader,
                "signature": declare_entry(name, entry, signature),
                "lock": state,
                "notes": model.notes,
                "contradictions": model.contradictions,
            }
        )
        return Reading(read, signature, changes, once.loaded.content(source, entry) if entry.load else None)
    except SigcheckError as error:
        failed = {"problem": str(error), "origin": "nowhere", "unread": _why(error)}
        return Reading(linted.model_copy(update=failed))


def _why(error: SigcheckError) -> Unread | None:
    if isinstance(error, UnsaidError):
        return "to_be_declared"
    if isinstance(error, UsageError):
        return "misnamed"
    return "to_be_asked_for" if isinstance(error, NotLoadedError) else None


def _answers(agreed: LockedModel, source: Source, entry: ModelEntry, once: ReadOnce) -> bool:
    """Whether the lock answers for a model that is here, and is to be loaded: where it was made of the same content."""
    if not entry.load or agreed.sha256 is None or once.loaded.is_at_hand(source, entry):
        return False
    return once.loaded.content(source, entry) == agreed.sha256


class Models:
    """The models of a config, each read when it is asked for; the lock only where it has to answer."""

    def __init__(self, config: Config, permission: Permission = NO_PERMISSION) -> None:
        self._config = config
        self._permission = permission
        self._once = ReadOnce(config.folder, config.entries.models.values(), permission, NO_CACHE)
        self._read: dict[str, LintedModel] = {}

    def read(self, name: str) -> LintedModel:
        """The model of this name. What goes wrong is its `problem`; raises SourceError where the lock is broken."""
        if name not in self._read:
            entry = self._config.entries.models[name]
            lock = None if self._is_here(entry) else read_lock(self._permission.path(self._config.folder, FILE))
            # What a model is looked up for has no line: finding that of each takes as long as the config.
            location = Location(path=self._config.path.name)
            self._read[name] = _read(location, name, entry, lock, self._once).linted
        return self._read[name]

    def _is_here(self, entry: ModelEntry) -> bool:
        if entry.load and not self._permission.load:
            return False
        try:
            return self._once.find_here(entry.source) is not None
        except SourceError:
            # Reading it says what is wrong with it, and the lock does not answer for that.
            return True


def declare_entry(name: str, entry: ModelEntry, signature: Signature) -> Signature:
    """The signature with the facts that its entry declares. Raises UsageError for a name it does not have."""
    if not entry.inputs and not entry.outputs:
        return signature
    inputs = _declare(f"models.{name}.inputs", signature.inputs, entry.inputs)
    outputs = _declare(f"models.{name}.outputs", signature.outputs, entry.outputs)
    images = (*inputs, *outputs)
    return signature.model_copy(
        update={
            "inputs": with_image_sizes(inputs, images, f"models.{name}.inputs"),
            "outputs": with_image_sizes(outputs, images, f"models.{name}.outputs"),
        }
    )


def _declare(place: str, endpoints: tuple[Endpoint, ...], facts: Mapping[str, Facts]) -> tuple[Endpoint, ...]:
    names = {endpoint.name for endpoint in endpoints}
    for one in facts:
        if one not in names:
            raise UsageError(f"{place}.{one}", f"the model has none of this name; {nearest(one, names)}")
    return declare(endpoints, place, {one: declared.known() for one, declared in facts.items()})


def _unread_state(name: str, lock: Lock | None) -> LockState:
    return "unlocked" if lock is None or name not in lock.models else "not_compared"


def _compare(agreed: LockedModel | None, source: str, signature: Signature) -> tuple[LockState, tuple[Finding, ...]]:
    if agreed is None:
        return "unlocked", ()
    changes = find_changes(UpgradeView(agreed.comparable, signature))
    is_same = (masked(agreed.source), agreed.signature.key) == (source, signature.key)
    return "agrees" if is_same and not changes else "differs", changes
