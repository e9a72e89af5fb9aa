"""Trace: what a run asked of the files of this machine, and what they answered.

Where they would answer the same to another run, that would end as this one did (`encodings/unchanged`). Whatever
looks at a file for a project tells it here: what lies at a path, what is in a folder, where a path leads, and which
files are opened.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from os import PathLike
from typing import BinaryIO, TypeVar

_Text = str | PathLike[str]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass
class Trace:
    """What was asked within one run: of each path what lies there, of folders their names, of files which they were.

    `places` holds for each folder where the paths lead that may not lead out of it. Of a file that was there the
    identity is kept, None of another; `size` are the bytes of all, and `changed` is when the last of them was changed,
    in nanoseconds. `start` is when the run began, in seconds. `is_whole` is False where something was answered in two
    ways, or in a way that is not kept.
    """

    kinds: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, int | None] = field(default_factory=dict)
    size: int = 0
    changed: int = 0
    start: float = field(default_factory=time.time)
    is_whole: bool = True

    def add(self, other: Trace) -> None:
        """Adds what was asked in another process for the same run."""
        self._put_all(self.kinds, other.kinds)
        self._put_all(self.names, other.names)
        self._put_all(self.files, other.files)
        for folder, places in other.places.items():
            self._put_all(self.places.setdefault(folder, {}), places)
        self.size += other.size
        self.changed = max(self.changed, other.changed)
        self.is_whole = self.is_whole and other.is_whole

    def _put_all(self, table: dict[_Key, _Value], found: dict[_Key, _Value]) -> None:
        for key, value in found.items():
            self.put(table, key, value)

    def put(self, table: dict[_Key, _Value], key: _Key, value: _Value) -> None:
        """Puts an answer down."""
        if table.setdefault(key, value) != value:
            self.is_whole = False


_OPEN: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def traced() -> Iterator[Trace]:
    """Traces what is asked within."""
    trace = Trace()
    token = _OPEN.set(trace)
    try:
        yield trace
    finally:
        _OPEN.reset(token)


def add_trace(other: Trace | None) -> None:
    """Adds what was asked in another process to the trace that is kept here; None where nobody knows what that was."""
    trace = _OPEN.get()
    if trace is not None and other is not None:
        trace.add(other)


def _shared(path: _Text) -> str:
    """The text of a path, one for all questions about it: a project has paths by the ten thousand."""
    return sys.intern(str(path))


def told_kind(path: _Text, kind: str | None) -> None:
    """Tells what lies at a path."""
    trace = _OPEN.get()
    if trace is not None:
        trace.put(trace.kinds, _shared(path), kind)


def told_names(folder: _Text, names: list[str]) -> None:
    """Tells what is in a folder."""
    trace = _OPEN.get()
    if trace is not None:
        trace.put(trace.names, _shared(folder), names)


def told_place(folder: str, path: _Text, place: str) -> None:
    """Tells where a path leads that may not lead out of the folder."""
    trace = _OPEN.get()
    if trace is not None:
        trace.put(trace.places.setdefault(folder, {}), _shared(path), _shared(place))


def told_file(path: _Text, file: BinaryIO | None) -> None:
    """Tells which file was opened; None where none was there."""
    trace = _OPEN.get()
    if trace is not None:
        status = None if file is None else os.fstat(file.fileno())
        place = _shared(path)
        if status is not None and place not in trace.files:
            trace.size += status.st_size
            trace.changed = max(trace.changed, status.st_mtime_ns, status.st_ctime_ns)
        trace.put(trace.files, place, None if status is None else identity_of(status))


def told_more() -> None:
    """Tells that something was asked, or answered, that is not kept."""
    trace = _OPEN.get()
    if trace is not None:
        trace.is_whole = False


def identity_of(status: os.stat_result) -> int:
    """What the system says of a file, in one number; another content has another one, but for coarse times."""
    return hash((status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
