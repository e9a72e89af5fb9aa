"""The database of an MLflow store in SQLite, which is MLflow's own where nothing else is set (`mlflow.db`).

MLflow opens it with SQLAlchemy, makes one where there is none, and writes to it; here it is read only, by the tables
of MLflow 1 to 3 (mlflow/store/model_registry/dbmodels, mlflow/store/tracking/dbmodels).
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sigcheck.schema.address import REGISTRY
from sigcheck.schema.errors import SourceError

_SCHEME = "sqlite"
_NO_FILE = (
    "no such store of MLflow: {} is not there. Set MLFLOW_TRACKING_URI, or run it in the folder of the store, "
    "where MLflow looks if nothing is set."
)
_NOT_FOUND = "not found in {}. Check the name and the version."
# Of a version that was deleted its row is left (mlflow/entities/model_registry/model_version_stages.py).
_DELETED = "Deleted_Internal"
# Of one installation this is all there is.
_WORKSPACE = "default"
# A database runs what its own schema says: it is asked so often whether the time is over, in steps of its machine.
_STEPS = 100_000
# The byte of a file that says how it is written, and what it is with a log (https://www.sqlite.org/fileformat.html).
_VERSION_AT, _LOGGED = 18, b"\x02"
# The log, and the index to it that whoever opens the file makes (https://www.sqlite.org/walformat.html).
_BESIDE = ("-wal", "-shm")
# A store of a million runs is as large; a copy of it takes a second, and room among the temporary files.
_MAX_COPIED = 2**31
_LEFT_LOG = (
    "a store of over 2 GiB with a log of writes that nobody has open, expected one without. "
    "Start MLflow on it once, which takes the log in."
)
# No name or place is longer (mlflow/store/model_registry/dbmodels/models.py: 500; of a logged model 1000).
_MAX_TEXT = 4096
# More digits are no whole number of SQLite.
_MAX_DIGITS = 18


def is_database(uri: str) -> bool:
    """Whether the address of a store is one of SQLite, as SQLAlchemy writes it."""
    return uri.partition(":")[0].partition("+")[0] == _SCHEME


def place(text: str, uri: str, seconds: float) -> str:
    """Where the store says that the model lies.

    Raises SourceError where there is no store, or no such model in it; sqlite3.Error where it is none of MLflow.
    """
    path = _path(text, uri)
    try:
        with _opened(path, seconds) as store:
            found = _of_version(store, text) if text.startswith(REGISTRY[0]) else _of_run(store, text)
    except sqlite3.Error as error:
        # Which file it is MLflow's settings say, not whoever named the model.
        raise sqlite3.DatabaseError(f"{path}: {error}") from None
    if found is None or len(found) > _MAX_TEXT:
        raise SourceError(text, _NOT_FOUND.format(path))
    return found


def _path(text: str, uri: str) -> Path:
    """The file of `sqlite:///FILE`. Raises SourceError where it is none."""
    _, slashes, rest = uri.partition("://")
    name = rest.removeprefix("/").partition("?")[0]
    if not slashes or name in {"", ":memory:"} or name.startswith("file:"):
        raise SourceError(text, f"a store of MLflow at {uri[:80]!r}, expected sqlite:///FILE. Set MLFLOW_TRACKING_URI.")
    path = Path(name).absolute()
    if not path.is_file():
        raise SourceError(text, _NO_FILE.format(path))
    return path


@contextmanager
def _opened(path: Path, seconds: float) -> Iterator[sqlite3.Connection]:
    end = time.monotonic() + seconds
    with _left_as_it_is(path) as (place, how), closing(_connected(place, how, seconds)) as store:
        store.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        # What a schema computes is no reason to call anything (https://www.sqlite.org/security.html).
        store.execute("PRAGMA trusted_schema = OFF")
        yield store


def _connected(path: Path, how: str, seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, timeout=seconds)


@contextmanager
def _left_as_it_is(path: Path) -> Iterator[tuple[Path, str]]:
    """The file to open, and how: a store that is written by a log else gets files beside it, which stay there.

    Of one that somebody has open they are there. The last who closes it takes the log away; one that is left, as in a
    copy of a store that was open, is read in a copy. Raises SourceError where that would be too large.
    """
    with path.open("rb") as file:
        head = file.read(_VERSION_AT + 1)
    log, index = (path.with_name(f"{path.name}{ending}") for ending in _BESIDE)
    if head[_VERSION_AT:] != _LOGGED or index.exists():
        yield path, "mode=ro"
    elif not log.exists() or not log.stat().st_size:
        yield path, "immutable=1"
    else:
        if path.stat().st_size + log.stat().st_size > _MAX_COPIED:
            raise SourceError(str(path), _LEFT_LOG)
        with TemporaryDirectory(prefix="sigcheck-") as folder:
            for one in (path, log):
                shutil.copyfile(one, Path(folder, one.name))
            yield Path(folder, path.name), "mode=ro"


def _of_version(store: sqlite3.Connection, text: str) -> str | None:
    """Where a version of a model lies, or a model that has an id and no version: `models:/ID`."""
    named = text.removeprefix(REGISTRY[0])
    name, slash, version = named.partition("/")
    if not slash:
        name, at, alias = named.rpartition("@")
        if not at:
            return _first(
                store, "logged_models", "artifact_location", "model_id = ? AND lifecycle_stage != 'deleted'", named
            )
        if alias.lower() != "latest":
            number = _first(store, "registered_model_aliases", "version", "name = ? AND alias = ?", name, alias)
            return None if number is None else _of_number(store, name, number)
        version = alias
    if version.isdecimal():
        return _of_number(store, name, version)
    which, values = "name = ? AND current_stage != ?", [name, _DELETED]
    if version.lower() != "latest":
        which, values = f"{which} AND lower(current_stage) = ?", [*values, version.lower()]
    number = _first(store, "model_versions", "version", f"{which} ORDER BY version DESC", *values)
    return None if number is None else _of_number(store, name, number)


def _of_number(store: sqlite3.Connection, name: str, version: str) -> str | None:
    if not version.isdecimal() or len(version) > _MAX_DIGITS:
        return None
    which = "name = ? AND version = ? AND current_stage != ?"
    columns = _columns(store, "model_versions")
    lies = "coalesce(nullif(storage_location, ''), source)" if "storage_location" in columns else "source"
    return _first(store, "model_versions", lies, which, name, int(version), _DELETED)


def _of_run(store: sqlite3.Connection, text: str) -> str | None:
    """Where something of a run lies; a model that it logged has a place of its own from MLflow 3 on."""
    run, _, path = text.removeprefix(REGISTRY[1]).partition("/")
    name, _, inner = path.partition("/")
    which = "source_run_id = ? AND name = ? AND lifecycle_stage != 'deleted' ORDER BY creation_timestamp_ms DESC"
    lies = _first(store, "logged_models", "artifact_location", which, run, name)
    if lies is not None:
        return f"{lies}/{inner}" if inner else lies
    lies = _first(store, "runs", "artifact_uri", "run_uuid = ?", run)
    return lies if lies is None or not path else f"{lies}/{path}"


def _first(store: sqlite3.Connection, table: str, column: str, which: str, *values: Any) -> str | None:
    """The text of a column in the first row that is meant; None where there is none, as in an older store."""
    columns = _columns(store, table)
    if not columns:
        return None
    if "workspace" in columns:
        which, values = f"workspace = ? AND {which}", (_WORKSPACE, *values)
    question = f"SELECT {column} FROM {table} WHERE {which} LIMIT 1"  # noqa: S608  # what a person names is bound
    row = store.execute(question, values).fetchone()
    return None if row is None or row[0] is None else str(row[0])


def _columns(store: sqlite3.Connection, table: str) -> set[str]:
    """The columns of a table. None of one that is computed, as a view is: it may take any memory."""
    is_stored = "SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table' AND rootpage > 0"
    if store.execute(is_stored, (table,)).fetchone() is None:
        return set()
    found = store.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (table,)).fetchall()
    return set() if any(hidden for _, hidden in found) else {name for name, _ in found}
