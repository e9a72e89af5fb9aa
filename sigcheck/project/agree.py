"""Agree: the lock as it should be now."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.project.lock_file import Lock, LockedModel
from sigcheck.project.read_models import Reading
from sigcheck.schema.errors import SourceError


def agree(readings: Mapping[str, Reading], old: Lock | None) -> Lock:
    """The lock of these models. Raises SourceError where one could not be read.

    A model that is not on this machine keeps its entry, and so does one that differs from it in
    nothing but names that Keras counts: the text then stays the same.
    """
    failed = [reading.linted.problem for reading in readings.values() if reading.linted.problem is not None]
    if failed:
        more = f" ({len(failed) - 1} more cannot be read)" if len(failed) > 1 else ""
        place, _, problem = failed[0].partition(": ")
        raise SourceError(place, f"{problem}{more}")
    return Lock(models={name: _entry(name, reading, old) for name, reading in readings.items()})


def _entry(name: str, reading: Reading, old: Lock | None) -> LockedModel:
    before = None if old is None else old.models.get(name)
    if before is not None and (reading.locked is None or reading.linted.lock == "agrees"):
        return before
    if reading.locked is None:
        raise SourceError(name, "neither its source nor an entry in the lock. Lock it where the model is.")
    return reading.locked
