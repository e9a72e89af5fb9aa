"""Cache: answers of earlier runs, in the user's cache folder, found by the content of the question.

A key is a digest of everything that the answer depends on, the version of sigcheck with it. So
an entry is never wrong, only unused: runs may share the folder, and none waits long for another. An
entry that cannot be read counts as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sigcheck.project.cache_table import CacheTable

Kind = Literal["answers", "data", "loads", "plans", "proofs"]

# In seconds. Making an entry again costs milliseconds, or for a proof seconds.
_KEPT = 30 * 86_400
_PRUNED_EVERY = 86_400
# The answer for one pair is some kilobytes, that of a project of thousands some megabytes. What is larger, sigcheck
# did not write.
_MOST_BYTES = 8 * 2**20
_MOST_BYTES_OF_ANSWERS = 64 * 2**20
# What was asked once is often asked again soon: of the same models, before and after a change.
_MOST_SEEN = 200


class Cache:
    """The cache in a folder, which is made when something is written; without one it holds nothing.

    `missed` counts the questions that it had no answer to.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        # A dict has to look for its first entry behind all that were taken out.
        self._seen: OrderedDict[tuple[Kind, str], Any] = OrderedDict()
        # One for each link of a project: the other kinds are few, or large.
        self._plans = None if folder is None else CacheTable(folder / "plans.sqlite")
        self.missed = 0

    @property
    def is_lasting(self) -> bool:
        """Whether it keeps something beyond this run."""
        return self._folder is not None

    @classmethod
    def of_user(cls) -> Cache:
        """The cache of the user who runs this."""
        from platformdirs import user_cache_path

        return cls(user_cache_path("sigcheck", appauthor=False))

    def get(self, kind: Kind, key: str) -> Any:
        """What was put under the key, as JSON gives it; None where nothing was, or it is broken."""
        seen = self._seen.get((kind, key))
        if seen is not None:
            return seen
        value = self._read(kind, key)
        if value is None:
            self.missed += 1
        else:
            self._see(kind, key, value)
        return value

    def _read(self, kind: Kind, key: str) -> Any:
        if self._folder is None:
            return None
        try:
            if kind == "plans" and self._plans is not None:
                kept = self._plans.get(key, _MOST_BYTES)
                return None if kept is None else json.loads(kept)
            with open(self._path(kind, key), "rb") as file:  # noqa: PTH123  # a text: a lint asks for thousands
                most = _MOST_BYTES
                if kind == "answers":
                    # They are said as they are: only what this user wrote is taken for one.
                    most = _MOST_BYTES_OF_ANSWERS if _is_own(os.fstat(file.fileno())) else 0
                content = file.read(most + 1)
            return json.loads(content) if len(content) <= most else None
        except (OSError, ValueError, RecursionError):
            return None

    def put(self, kind: Kind, key: str, value: Any) -> None:
        """Keeps a JSON value, whole or not at all. A folder that cannot be written is no error: it is a cache.

        Plans wait for `write`, or for some hundred others.
        """
        self._see(kind, key, value)
        if self._folder is None:
            return
        content = json.dumps(value, separators=(",", ":")).encode()
        if kind == "plans" and self._plans is not None:
            self._plans.put(key, content)
            return
        path = self._path(kind, key)
        try:
            try:
                _write(path, content)
            except FileNotFoundError:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                _write(path, content)
        except OSError:
            pass

    def _see(self, kind: Kind, key: str, value: Any) -> None:
        """Keeps an answer at hand; of many the first is let go of."""
        self._seen[kind, key] = value
        if len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)

    def write(self) -> None:
        """Writes what waits for it, and holds no file open until the next question: a process may be copied then."""
        if self._plans is not None:
            self._plans.write()

    def prune(self) -> None:
        """Deletes what is a month old, at most once a day."""
        if self._folder is None:
            return
        marker, now = self._folder / "pruned", time.time()
        with suppress(OSError):
            if not self._folder.is_dir() or (marker.exists() and now - marker.stat().st_mtime < _PRUNED_EVERY):
                return
            marker.touch()
            for path in self._folder.glob("*/*/*"):
                with suppress(OSError):
                    if now - path.stat().st_mtime > _KEPT:
                        path.unlink()
            if self._plans is not None:
                self._plans.delete_before(now - _KEPT)

    def _path(self, kind: Kind, key: str) -> str:
        return f"{self._folder}{os.sep}{kind}{os.sep}{key[:2]}{os.sep}{key[2:]}"


def _is_own(status: os.stat_result) -> bool:
    """Whether nobody but this user could write the file."""
    return sys.platform == "win32" or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)


# Keeps nothing beyond this run.
NO_CACHE = Cache(None)


def _write(path: str, content: bytes) -> None:
    """Writes a file, whole or not at all."""
    # No other run has this name. `tempfile` looks longer for one than the writing takes.
    beside = f"{path}.{os.urandom(8).hex()}.part"
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(beside, path)  # noqa: PTH105  # both paths are texts
    except OSError:
        with suppress(OSError):
            os.unlink(beside)  # noqa: PTH108  # the path is a text
        raise


def key_of(*parts: Any) -> str:
    """The key of a question: a digest of its parts, which JSON can hold, and of this sigcheck."""
    text = json.dumps([_edition(), *parts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _edition() -> str:
    """The version, and the state of its files: a checkout under development answers with today's code."""
    import sigcheck

    stamps = []
    for folder, _, names in sorted(os.walk(Path(sigcheck.__file__).parent)):
        for name in sorted(names):
            if name.endswith(".py"):
                status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118  # 150 files: Path takes four times as long
                stamps.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return f"{sigcheck.__version__} {hashlib.sha256(' '.join(stamps).encode()).hexdigest()}"
