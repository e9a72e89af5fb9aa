"""Remote files: `https://`, `gs://`, `s3://`, `hf://` and every other URL that fsspec opens.

Files are read by ranges, in blocks that are kept, so that of gigabytes only the bytes
travel that a reader looks at. A URL of a web server that ends with `/` is a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from sigcheck.readers.content import Content
from sigcheck.readers.source import HEAD_BYTES, MAX_NAMES, FileKind
from sigcheck.schema.errors import SourceError

# A scheme of one letter is a drive of Windows.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# A PurePath makes one slash of the two behind a scheme, and of the three of `file:///`.
_ONE_SLASH = re.compile(r"(?<=[A-Za-z0-9]):/(?!/)")
_NO_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:///")
_WEB = ("http://", "https://")
# Not Found and Gone.
_ABSENT = frozenset({404, 410})

# One request takes as long as some hundred kilobytes; a signature stands in fewer.
BLOCK_BYTES = 64 << 10
# So many blocks are kept at most, 64 MiB.
MAX_BLOCKS = 1024
# What a server that knows no ranges is asked for as a whole.
MAX_WHOLE_BYTES = 64 << 20


def is_remote(text: str) -> bool:
    """Whether the text is a URL."""
    return _SCHEME.match(text) is not None


class RemoteFiles:
    """The files of the store that a URL names, as `Files` of a Source."""

    def __init__(self, text: str) -> None:
        """Finds the store. Raises SourceError where fsspec, or what it needs for the URL, is not installed."""
        try:
            import fsspec
        except ImportError:
            problem = "a URL, which is read with fsspec. Install it with: pip install 'sigcheck[remote]'."
            raise SourceError(text, problem) from None
        with _translated(text):
            self._store: Any = fsspec.core.url_to_fs(text.partition("#")[0])[0]
        before = text.partition("#")[0]
        self._slashes = "///" if _NO_HOST.match(before) else "//"
        self._folder = PurePath(before) if before.endswith("/") and before.startswith(_WEB) else None
        self._sizes: dict[str, int | None] = {}

    def _url(self, path: PurePath) -> str:
        first = _ONE_SLASH.sub(f":{self._slashes}", path.as_posix(), count=1)
        return _ONE_SLASH.sub("://", first)

    def kind(self, path: PurePath, /) -> FileKind | None:
        """What lies there; None where nothing does. Raises SourceError where the store does not answer."""
        url = self._url(path)
        if path == self._folder:
            return "folder"
        if url.startswith(_WEB) and "#" in url:
            # A web server never sees what stands behind the mark.
            return None
        with _translated(url):
            try:
                found = self._store.info(url)
            except (FileNotFoundError, NotADirectoryError) as error:
                # For a web server fsspec calls every failure a file that is not there.
                cause = error.__cause__
                if cause is not None and not isinstance(cause, FileNotFoundError | NotADirectoryError):
                    if getattr(cause, "status", None) in _ABSENT:
                        return None
                    raise RuntimeError(_first_line(cause)) from error
                return None
            if found.get("type") == "directory":
                return "folder"
            self._sizes[url] = self._whole_size(url, found)
            return "file"

    def _whole_size(self, url: str, found: dict[str, Any]) -> int | None:
        """The size in bytes. Raises SourceError where the file could only be read whole, and is too large for it."""
        size = found.get("size")
        if url.startswith(_WEB) and not found.get("partial") and (size is None or size > MAX_WHOLE_BYTES):
            problem = "a server that gives no ranges of bytes, and a large file. Copy it to this machine."
            raise SourceError(url, problem)
        return size

    def names(self, folder: PurePath, /) -> list[str]:
        """The names in a folder, sorted; none where a web server does not list it."""
        url = self._url(folder)
        with _translated(url):
            try:
                found = self._store.ls(url, detail=False)
            except (FileNotFoundError, NotADirectoryError):
                return []
        if len(found) > MAX_NAMES:
            raise SourceError(url, f"more than {MAX_NAMES} entries, expected a model. Name a folder in it.")
        return sorted(name.rstrip("/").rpartition("/")[2] for name in found)

    def head(self, path: PurePath, /) -> bytes:
        """The first bytes of a file."""
        with self.open_blocks(path) as content:
            return bytes(content[:HEAD_BYTES])

    @contextmanager
    def open(self, path: PurePath, /) -> Iterator[Content]:
        """The content of a file, read as it is asked for. Raises SourceError where it is empty."""
        with self.open_blocks(path) as content:
            if not len(content):
                raise SourceError(self._url(path), "an empty file, expected a model. Export or copy it again.")
            yield content

    @contextmanager
    def open_blocks(self, path: PurePath) -> Iterator[RemoteContent]:
        """The content of a file, which may be empty."""
        url = self._url(path)
        if url not in self._sizes and self.kind(path) != "file":
            raise SourceError(url, "no such file. Check the path.")
        size = self._sizes[url]
        if size is None:
            raise SourceError(url, "a file whose store does not tell its size. Copy it to this machine.")
        yield RemoteContent(self._store, url, size)


class RemoteContent:
    """The bytes of a remote file, fetched in blocks when they are looked at. A Content."""

    def __init__(self, store: Any, url: str, size: int) -> None:
        self._store = store
        self._url = url
        self._size = size
        self._blocks: dict[int, bytes] = {}

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
        with _translated(self._url):
            found = bytes(self._store.cat_file(self._url, start=start, end=stop))
        if len(found) > stop - start and len(found) == self._size:
            # A server that knows no ranges gives the whole file.
            found = found[start:stop]
        if len(found) != stop - start:
            problem = f"bytes {start} to {stop} were asked for and {len(found)} bytes came. Try again."
            raise SourceError(self._url, problem)
        return found


@contextmanager
def _translated(place: str) -> Iterator[None]:
    """Turns what a store raises into the one error: each has exceptions of its own."""
    try:
        yield
    except (SourceError, FileNotFoundError, NotADirectoryError):
        raise
    except ImportError as error:
        raise SourceError(place, f"needs a package that is not there: {_first_line(error)}. Install it.") from error
    except Exception as error:
        problem = f"cannot be read: {_first_line(error) or type(error).__name__}. Check the address and your access."
        raise SourceError(place, problem) from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:200].rstrip(".")
