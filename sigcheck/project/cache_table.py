"""Cache table: the small answers of a cache that come by thousands, all in one file of SQLite.

A file for each took up to a quarter of a lint, most of it in the file system. What is put is written some hundred at a
time. Another run that writes is waited for; where it takes too long, or the file cannot be used, nothing is kept.

What a loss of power leaves may be read without an error, and lead from a key to what another one was given: each value
is kept with a digest of both.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

# Writing some hundred answers takes milliseconds.
_SECONDS_TO_WAIT = 2.0
_MOST_WAITING = 250
_CREATE = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, at INTEGER NOT NULL, value BLOB NOT NULL)"
_SELECT = "SELECT value FROM kept WHERE key = ? AND length(value) <= ?"
_INSERT = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)"
_DELETE = "DELETE FROM kept WHERE at < ?"
# Of the digest in front of a value, in bytes.
_DIGEST = 16


class CacheTable:
    """The answers in a file, which is made when something is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: dict[str, bytes] = {}
        self._store: sqlite3.Connection | None = None
        self._is_absent = False
        self._seconds_to_wait = _SECONDS_TO_WAIT
        # Threads of a worker of Beam share one cache; a file that is let go of beside one that reads it ends them all.
        self._lock = Lock()

    def get(self, key: str, most: int) -> bytes | None:
        """What was put under the key; None where nothing was, it has more bytes than `most`, or it cannot be read."""
        with self._lock:
            waiting = self._waiting.get(key)
            if waiting is not None or self._is_absent or not _has_sqlite():
                return waiting
            kept = self._read(key, most + _DIGEST)
        if not isinstance(kept, bytes):
            return None
        value = kept[_DIGEST:]
        return value if kept == _sealed(key, value) else None

    def _read(self, key: str, most: int) -> object:
        import sqlite3

        try:
            if self._store is None:
                self._store = _opened(self._path, self._seconds_to_wait)
            (kept,) = self._store.execute(_SELECT, (key, most)).fetchone() or (None,)
        except (sqlite3.Error, OSError):
            self._is_absent, self._seconds_to_wait = True, 0.0
            return None
        return kept

    def put(self, key: str, value: bytes) -> None:
        """Keeps a value, to be written with others."""
        with self._lock:
            self._waiting[key] = value
            if len(self._waiting) >= _MOST_WAITING:
                self._write()

    def write(self) -> None:
        """Writes what waits for it, all or nothing, and lets go of the file: a process may be copied after it."""
        with self._lock:
            self._write()

    def _write(self) -> None:
        store, self._store, self._is_absent = self._store, None, False
        if store is not None:
            store.close()
        waiting, self._waiting = self._waiting, {}
        if waiting:
            now = int(time.time())
            rows = [(key, now, _sealed(key, value)) for key, value in waiting.items()]
            is_kept = _change(self._path, self._seconds_to_wait, lambda store: store.executemany(_INSERT, rows))
            # One that keeps others waiting is waited for once, and not again for each hundred.
            self._seconds_to_wait = _SECONDS_TO_WAIT if is_kept else 0.0

    def delete_before(self, moment: float) -> None:
        """Deletes what was written before a moment, in seconds since 1970."""

        def delete(store: sqlite3.Connection) -> None:
            deleted = store.execute(_DELETE, (int(moment),)).rowcount
            store.commit()
            if deleted:
                # The room is given back.
                store.execute("VACUUM")

        if self._path.is_file():
            _change(self._path, self._seconds_to_wait, delete)


@cache
def _has_sqlite() -> bool:
    """Whether this Python was built with it."""
    try:
        import sqlite3  # noqa: F401  # whether it can be
    except ImportError:
        return False
    return True


def _sealed(key: str, value: bytes) -> bytes:
    return blake2b(key.encode() + value, digest_size=_DIGEST).digest() + value


def _opened(path: Path, seconds_to_wait: float) -> sqlite3.Connection:
    """The file, to be read. Raises sqlite3.Error or OSError where there is none."""
    import sqlite3

    if not path.is_file():
        raise FileNotFoundError(path)
    # One thread at a time, and not always the one that opened it.
    return _distrusted(sqlite3.connect(path, timeout=seconds_to_wait, check_same_thread=False))


def _change(path: Path, seconds_to_wait: float, change: Callable[[sqlite3.Connection], object]) -> bool:
    """Changes the file, and whether it could. What goes wrong is no error: a file that is none of SQLite is deleted."""
    if not _has_sqlite():
        return False
    import sqlite3

    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Nobody else's, as all of the cache; what SQLite writes beside it is as it is.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        with closing(_distrusted(sqlite3.connect(path, timeout=seconds_to_wait))) as store, store:
            # A loss of power may break the file, which is then made anew; waiting for the disk takes longer than that.
            store.execute("PRAGMA synchronous = OFF")
            store.execute(_CREATE)
            change(store)
    except (sqlite3.OperationalError, OSError):
        # Somebody else writes for long, the disk is full, the folder is not ours.
        return False
    except sqlite3.Error:
        with suppress(OSError):
            path.unlink()
        return False
    return True


def _distrusted(store: sqlite3.Connection) -> sqlite3.Connection:
    # What a schema computes is no reason to call anything (https://www.sqlite.org/security.html).
    store.execute("PRAGMA trusted_schema = OFF")
    return store
