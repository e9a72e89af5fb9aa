"""Content of a remote file, in blocks that are kept, and what every store and server is asked through."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import TypeVar

from sigcheck.encodings.content import Content
from sigcheck.encodings.files import HEAD_BYTES
from sigcheck.schema.errors import SourceError

Found = TypeVar("Found")

EMPTY = "an empty file, expected a model. Export or copy it again."
_NOT_INSTALLED = "a URL, which is read with {}. Install it with: pip install 'sigcheck[{}]'."
# What fsspec reads a store with, and the extra that has it.
_OF_STORES = {
    "s3": ("s3fs", "s3"),
    "s3a": ("s3fs", "s3"),
    "gs": ("gcsfs", "gcs"),
    "gcs": ("gcsfs", "gcs"),
    "hf": ("huggingface_hub", "hf"),
}

# One request takes as long as some hundred kilobytes; a signature stands in fewer.
BLOCK_BYTES = 64 << 10
# So many blocks are kept at most, 64 MiB.
MAX_BLOCKS = 1024


class RemoteContent:
    """The bytes of a remote file, fetched in blocks when they are looked at. A Content."""

    def __init__(
        self,
        fetch: Callable[[int, int], bytes],
        url: str,
        size: int,
        blocks: Mapping[int, bytes] | None = None,
    ) -> None:
        """`blocks` are those that came already, by their numbers."""
        self._fetch_range = fetch
        self._url = url
        self._size = size
        self._blocks: dict[int, bytes] = dict(blocks or {})

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice, /) -> bytes:
        start, stop, step = part.indices(self._size)
        if step != 1:
            raise ValueError("bytes are read in their order")
        if start >= stop:
            return b""
        first, last = start // BLOCK_BYTES, (stop - 1) // BLOCK_BYTES
        if last - first >= MAX_BLOCKS:
            return self._fetch(start, stop)
        self._keep(first, last)
        joined = b"".join(self._blocks[number] for number in range(first, last + 1))
        return joined[start - first * BLOCK_BYTES : stop - first * BLOCK_BYTES]

    def _keep(self, first: int, last: int) -> None:
        """Fetches the blocks that are missing, neighbours in one request."""
        missing = [number for number in range(first, last + 1) if number not in self._blocks]
        if len(self._blocks) + len(missing) > MAX_BLOCKS:
            self._blocks = {number: self._blocks[number] for number in range(first, last + 1) if number in self._blocks}
        while missing:
            begin = end = missing.pop(0)
            while missing and missing[0] == end + 1:
                end = missing.pop(0)
            fetched = self._fetch(begin * BLOCK_BYTES, min(self._size, (end + 1) * BLOCK_BYTES))
            for number in range(begin, end + 1):
                at = (number - begin) * BLOCK_BYTES
                self._blocks[number] = fetched[at : at + BLOCK_BYTES]

    def _fetch(self, start: int, stop: int) -> bytes:
        found = self._fetch_range(start, stop)
        if len(found) != stop - start:
            problem = f"bytes {start} to {stop} were asked for and {len(found)} bytes came. Try again."
            raise SourceError(self._url, problem)
        return found


class RemoteFiles:
    """What the files of every store and server share, as `Files` of a Source."""

    def head(self, path: PurePath, /) -> bytes:
        """The first bytes of a file."""
        return self._content(path)[:HEAD_BYTES]

    @contextmanager
    def open(self, path: PurePath, /) -> Iterator[Content]:
        """The content of a file, read as it is asked for. Raises SourceError where it is empty."""
        content = self._content(path)
        if not len(content):
            raise SourceError(self._url(path), EMPTY)
        yield content

    def _content(self, path: PurePath) -> RemoteContent:
        """The content of a file, which may be empty. Raises SourceError where there is none."""
        raise NotImplementedError

    def _url(self, path: PurePath) -> str:
        """The address of a path."""
        raise NotImplementedError


def not_installed(text: str) -> SourceError:
    """The error about an address whose package is not there, with the extra that brings it."""
    package, extra = _OF_STORES.get(text.partition("://")[0], ("fsspec", "remote"))
    return SourceError(text, _NOT_INSTALLED.format(package, extra))


def within(seconds: float, question: Callable[[], Found], too_slow: SourceError) -> Found:
    """What a call gives that may hang. Raises `too_slow` after so many seconds; its thread is left to end by itself."""
    given: list[Found] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            given.append(question())
        except BaseException as error:  # noqa: BLE001  # raised again where the answer is waited for
            raised.append(error)

    # Not of a pool: the interpreter waits for the threads of pools when it ends.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not given:
        raise too_slow
    return given[0]


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turns what a store raises into the one error: each has exceptions of its own."""
    try:
        yield
    except (SourceError, FileNotFoundError, NotADirectoryError):
        raise
    except ImportError as error:
        if place.partition("://")[0] in _OF_STORES:
            raise not_installed(place) from None
        raise SourceError(place, f"needs a package that is not there: {_first_line(error)}. Install it.") from None
    except Exception as error:  # noqa: BLE001  # as many kinds as there are stores; their texts may hold credentials
        problem = f"cannot be read: {_first_line(error) or type(error).__name__}. Check the address and your access."
        raise SourceError(place, problem) from None


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:200].rstrip(".")
