"""Agree: the lock as it should be now."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.project.lock_file import Lock, LockedModel
from sigcheck.project.read_models import Reading
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.address import is_address, masked
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Endpoint, Signature


def agree(readings: Mapping[str, Reading], old: Lock | None) -> Lock:
    """The lock of these models. Raises SourceError where one could not be read.

    A model that is not on this machine keeps its entry, and so does one that differs from it in
    nothing but names that Keras counts: the text then stays the same, save for what its graph proves.
    """
    failed = [reading.linted.problem for reading in readings.values() if reading.linted.problem is not None]
    if failed:
        more = f" ({len(failed) - 1} more cannot be read)" if len(failed) > 1 else ""
        place, _, problem = failed[0].partition(": ")
        raise SourceError(place, f"{problem}{more}")
    return Lock(models={name: _entry(name, reading, old) for name, reading in readings.items()})


def _entry(name: str, reading: Reading, old: Lock | None) -> LockedModel:
    before = None if old is None else old.models.get(name)
    if reading.locked is None:
        if before is None:
            raise SourceError(name, "neither its source nor an entry in the lock. Lock it where the model is.")
        return before.model_copy(update={"source": _shown(before.source)})
    if before is not None and reading.linted.lock == "agrees":
        signature = _with_proved(before.signature, reading.locked.signature)
        told = {"signature": signature, "sizes_by": reading.locked.sizes_by, "sha256": reading.locked.sha256}
        return before.model_copy(update={"source": _shown(before.source), **told})
    return reading.locked


def _shown(source: str) -> str:
    """The source without credentials, which an earlier lock may hold."""
    return masked(source) if is_address(source) else source


def _with_proved(old: Signature, new: Signature) -> Signature:
    """The old signature with what the graph of the new one proves."""
    found = {(pair.end, pair.old.name): pair.new for pair in UpgradeView(old, new).pairs}
    sides = {
        f"{end}s": tuple(_proved(one, found.get((end, one.name))) for one in getattr(old, f"{end}s"))
        for end in ("input", "output")
    }
    return old.model_copy(update={**sides, "constraints": new.constraints})


def _proved(old: Endpoint, new: Endpoint | None) -> Endpoint:
    told = {"inferred": (), "sizes": None} if new is None else {"inferred": new.inferred, "sizes": new.sizes}
    return old.model_copy(update=told)
