"""Observer: one pass over data, batch by batch; two that saw other parts merge to what one of all would be."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sigcheck.observation.channels import Channels
from sigcheck.observation.column import Array, Batch, Columns
from sigcheck.observation.freed_memory import keep_freed_memory
from sigcheck.observation.passed_over import PassedOver
from sigcheck.observation.tables import Tables
from sigcheck.observation.tensor import Tensor
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.observation import DataFile, LeftOut, Observation

# NumPy computes without Python's lock, so that threads share the work; more than a few wait for memory.
_MOST_THREADS = 8
# More names than this come from keys that are values.
MOST_TENSORS = 10_000


class Observer:
    """States of all tensors by name, and the files that they are of. A context: it ends its threads."""

    def __init__(self, threads: int | None = None) -> None:
        """Nothing seen yet. `threads` count at a time, by default as many as there are processors."""
        keep_freed_memory()
        count = threads if threads is not None else min(os.cpu_count() or 1, _MOST_THREADS)
        self._pool = ThreadPoolExecutor(count) if count > 1 else None
        self._ahead = 2 * count
        self.tensors: dict[str, Tensor] = {}
        self.files: list[DataFile] = []
        self.tables = Tables()
        self.passed_over = PassedOver()

    def add(self, columns: Columns, place: str) -> None:
        """Adds rows of some tensors. Raises SourceError at `place` where one has another dtype or rank than before."""
        for name, column in columns.items():
            self._tensor(name, place).add(column, self._run, place)

    def add_element(self, element: Batch, place: str) -> None:
        """Adds as `add` does rows that are a part of one table, if all columns have as many."""
        columns = element.columns
        self.passed_over.add(element.left_out, element.others)
        self.add(columns, place)
        counts = {name: column.rows + column.missing for name, column in columns.items()}
        if len(set(counts.values())) == 1:
            self.tables.add(max(counts.values()), counts)

    def add_file(self, file: DataFile) -> None:
        """Adds a file whose rows were added."""
        self.files.append(file)

    def merge(self, other: Observer) -> None:
        """Adds what another has seen. Raises SourceError as `add` does."""
        for name, tensor in other.tensors.items():
            self.take(name, tensor)
        self.files += other.files
        self.tables.merge(other.tables)
        self.passed_over.merge(other.passed_over)

    def take(self, name: str, tensor: Tensor) -> None:
        """Adds what was seen of one tensor elsewhere. Raises SourceError as `add` does."""
        self._tensor(name, "data").merge(tensor, "data")

    def observation(self) -> Observation:
        """What was seen, by name, whatever the order."""
        found = {name: self.tensors[name].observed(self.tables.lacking(name)) for name in sorted(self.tensors)}
        # Of a column that is null in all rows nothing is known, not even its type.
        empty = (name for name, tensor in found.items() if tensor is None)
        without = [
            LeftOut(name=name, found=f"no value in {count:,} row{'' if count == 1 else 's'}")
            for name in empty
            if (count := self.tensors[name].valueless + self.tables.lacking(name))
        ]
        return Observation(
            files=tuple(sorted(self.files, key=lambda file: (file.path, file.sha256))),
            tensors=tuple(tensor for tensor in found.values() if tensor is not None),
            left_out=tuple(sorted((*self.passed_over.left_out, *without), key=str)),
        )

    def require(self, only: Sequence[str]) -> None:
        """Raises UsageError where one of these tensors was not observed."""
        for problem in self.passed_over.missed(only, self.tensors):
            raise UsageError("only", problem)

    def __enter__(self) -> Observer:  # noqa: PYI034  # Self is of Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def __getstate__(self) -> dict[str, Any]:
        # What is sent to another process to be merged there has no threads.
        return {**self.__dict__, "_pool": None}

    def _tensor(self, name: str, place: str) -> Tensor:
        if name not in self.tensors and len(self.tensors) == MOST_TENSORS:
            raise too_many(place)
        return self.tensors.setdefault(name, Tensor(name))

    def _run(self, count: Callable[[Array], Channels], chunks: Iterable[Array]) -> Iterator[Channels]:
        if self._pool is None:
            yield from map(count, chunks)
            return
        # Not all at once: what is counted ahead stays in memory.
        waiting: deque[Future[Channels]] = deque()
        for chunk in chunks:
            waiting.append(self._pool.submit(count, chunk))
            if len(waiting) >= self._ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def require_few(names: Collection[str], place: str) -> None:
    """Raises SourceError where these are more tensors than any model has, before anything is done for each of them."""
    if len(names) > MOST_TENSORS:
        raise too_many(place)


def too_many(place: str) -> SourceError:
    """What is raised of data with more tensors than any model has."""
    return SourceError(place, f"over {MOST_TENSORS} tensors, expected those of a model. Leave some out.")
