"""Files: what of the data is named, found and read, each file with the hash of its bytes."""

from __future__ import annotations

import glob
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from sigcheck.encodings.path_pattern import find_paths
from sigcheck.observation.asked import AS_IT_IS, Asked
from sigcheck.observation.column import Batch
from sigcheck.observation.far_files import far_files
from sigcheck.observation.gathered import Part
from sigcheck.observation.observer import Observer
from sigcheck.observation.opened import Digest, opened, sha256
from sigcheck.observation.saved_dataset import saved_files
from sigcheck.observation.sources import SOURCES, reader_of
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.observation import DataFile
from sigcheck.schema.system_error import unreadable
from sigcheck.schema.watcher import NOBODY, Watcher

# What a person may ask to be read beside what else runs: a row of the largest there may be, with what is counted of it.
MOST_MEMORY = 4 << 30
_TOO_LARGE = "unpacks to more than there is memory for, expected rows of at most 256 MiB. Split its rows."


def find_files(texts: Sequence[str]) -> list[str]:
    """The files that paths, globs and folders name, each once and in order.

    Raises SourceError for a path with nothing that can be read.
    """
    found: dict[str, None] = {}
    for text in texts:
        named = _named(text)
        if not named:
            raise SourceError(text, f"no data here, expected files that end in {suffixes()}. Check the path.")
        found.update(dict.fromkeys(named))
    return list(found)


def require_heeded(files: Sequence[str], asked: Asked, words: Mapping[str, str]) -> None:
    """Raises UsageError where something is asked for that none of the files heeds: it would say nothing.

    `words` are the names, of the fields of what is asked, by which the person knows them.
    """
    heeded = {field for file in files if (reader := reader_of(file)) is not None for field in reader.HEEDS}
    for field, word in words.items():
        if field not in heeded and getattr(asked, field) != getattr(AS_IT_IS, field):
            of = [suffix for one in SOURCES.values() if field in one.HEEDS for suffix in one.SUFFIXES]
            problem = f"says nothing of this data, expected files that end in {', '.join(sorted(of))}. Leave it out."
            raise UsageError(word, problem)


def suffixes() -> str:
    """How the names of files of data end, in words."""
    return ", ".join(sorted(suffix for one in SOURCES.values() for suffix in one.SUFFIXES))


def _named(text: str) -> list[str]:
    if is_address(text):
        return far_files(text)
    try:
        return _near_files(text)
    except OSError as error:
        raise SourceError(text, unreadable(error)) from None


def _near_files(text: str) -> list[str]:
    """The files of this machine. Raises OSError where the system does not say what is there."""
    path = Path(text)
    if path.is_dir():
        saved = saved_files(path)
        if saved is not None:
            return saved
        return sorted(str(one) for one in path.iterdir() if one.is_file() and reader_of(one.name))
    if path.exists() or not glob.has_magic(text):
        return [text]
    return [one for one in find_paths(text) if Path(one).is_file()]


def observe_file(observer: Observer, path: str, asked: Asked = AS_IT_IS, watcher: Watcher = NOBODY) -> None:
    """Adds the rows of one file, and the file. Raises SourceError where it cannot be read to its end."""
    reader = reader_of(path)
    if reader is None:
        raise SourceError(path, f"no data that is known here, expected a file that ends in {suffixes()}. Convert it.")
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(2))
        is_over = threading.Event()
        # Of a file that is broken, or of a pass that is interrupted, nobody waits for the rest.
        stack.callback(is_over.set)
        # What is far is read once; of a file that is here the hash need not wait for the rows.
        is_read_once = is_address(path) or getattr(reader, "IS_COPIED", False)
        digest = Digest() if is_read_once else None
        found = digest.hexdigest if digest is not None else pool.submit(sha256, path, is_over).result
        with opened(path, watcher, digest) as (file, size):
            rows = _read(observer, _ahead(reader.batches(file, path, asked), pool), path, asked)
        observer.add_file(DataFile(path=path, sha256=found(), bytes=size, rows=rows))


def _read(observer: Observer, batches: Iterator[Batch], place: str, asked: Asked) -> int:
    """Adds the rows of one file, and gives how many there are."""
    rows: int | None = 0
    seen: Counter[str] = Counter()
    try:
        for batch in batches:
            columns = {name: column for name, column in batch.columns.items() if asked.wants(name)}
            observer.passed_over.add(batch.left_out, {*batch.others, *(batch.columns.keys() - columns.keys())})
            observer.add(columns, place)
            rows = None if rows is None or batch.rows is None else rows + batch.rows
            for tensor, column in columns.items():
                seen[tensor] += column.rows + column.missing
            for tensor in batch.left_out:
                # In another file it may be a tensor: it is not missing here.
                seen[tensor] += batch.rows or 0
        # Arrays of their own are a table where all have as many rows.
        rows = max(seen.values()) if rows is None and len(set(seen.values())) == 1 else rows
    finally:
        if rows is not None:
            observer.tables.add(rows, seen)
    return max(seen.values(), default=0) if rows is None else rows


def observe_part(
    index: int, path: str, asked: Asked = AS_IT_IS, threads: int | None = None, watcher: Watcher = NOBODY
) -> Part:
    """What is seen of one file, the place of which among all is `index`, with why it was not read to its end.

    Who watches is told the bytes that are read.
    """
    with Observer(threads) as observer:
        try:
            observe_file(observer, path, asked, watcher)
        except SourceError as error:
            return Part(index, path, observer, str(error))
        except MemoryError:
            # Some of a batch may be counted and some not: nothing of the file is told.
            return Part(index, path, Observer(threads=1), str(SourceError(path, _TOO_LARGE)))
    return Part(index, path, observer)


def _ahead(batches: Iterator[Batch], pool: ThreadPoolExecutor) -> Iterator[Batch]:
    """The same, each read while the one before is counted."""
    coming: Future[Batch | None] = pool.submit(next, batches, None)
    try:
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch
    finally:
        # It has the error that ends the batches, which has this frame: what was counted would outlive the pass.
        del coming
