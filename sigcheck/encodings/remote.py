"""Remote files: a short list of plain addresses, read by ranges of bytes.

Of gigabytes only the bytes travel that a reader looks at, in blocks that are kept. Web servers are
asked by `web`, stores through fsspec; whatever else fsspec opens is none of it: some of its
protocols run what a file says, and others open files of this machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from sigcheck.encodings.files import MAX_NAMES, FileKind, Files
from sigcheck.encodings.reach import Budget, Reach, named
from sigcheck.encodings.remote_content import Found, RemoteContent, RemoteFiles, not_installed, translated, within
from sigcheck.schema.address import REGISTRY
from sigcheck.schema.errors import SourceError

# Every scheme that is opened, and why it may be.
SCHEMES: Mapping[str, str] = {
    "https": "a web server that says who it is; redirects and private addresses are looked at by `web`",
    "http": "the same without encryption: only where a person names it, or asks for it",
    "gs": "Google Cloud Storage: one service, whose address is not the file's to say",
    "gcs": "the other name of gs",
    "s3": "Amazon S3, or the service that this machine is set up for",
    "s3a": "the other name of s3",
    "az": "Azure storage: hosts of one domain",
    "abfs": "the other name of az",
    "hf": "the Hugging Face hub: one service",
    "models": "the registry of MLflow that this machine is set up for, whose address no file says",
    "runs": "the runs of the same",
}
_WEB = frozenset({"https", "http"})
_REGISTRY = frozenset({"models", "runs"})
_CHAIN = "::"
# A host of IPv6, in which the mark of a chain means zeros.
_NUMBERED_HOST = re.compile(r"(?<=://)\[[0-9a-fA-F:.]*\]")


def open_remote(text: str, reach: Reach | None = None) -> Files:
    """The files of the store or server that an address names; by default as a person who names it allows.

    Raises SourceError for an address that is not opened, and where what it needs is not installed.
    """
    scheme = require_plain(text)
    allowed = named() if reach is None else reach
    before = text.partition("#")[0]
    if scheme in _REGISTRY:
        from sigcheck.encodings.registry import RegistryFiles

        return RegistryFiles(
            before, allowed, open_remote, {one: SCHEMES[one] for one in SCHEMES if one not in _REGISTRY}
        )
    if scheme in _WEB:
        from sigcheck.encodings.web import WebFiles

        return WebFiles(before, allowed)
    return StoreFiles(before, allowed.budget)


def require_plain(text: str) -> str:
    """The scheme of an address. Raises SourceError for a chain of file systems, and for a scheme that is not opened."""
    if text.startswith(REGISTRY):
        return text.partition(":")[0]
    scheme = text.partition("://")[0]
    if _CHAIN in _NUMBERED_HOST.sub("", text, count=1):
        raise SourceError(text, "a chain of file systems, expected one address. Copy the file to this machine.")
    if scheme in {"file", "local"}:
        raise SourceError(text, f"a {scheme} address, expected a path. Name the path itself.")
    if scheme not in SCHEMES:
        listed = ", ".join(f"{one}:/" if one in _REGISTRY else f"{one}://" for one in SCHEMES)
        raise SourceError(text, f"the scheme {scheme[:40]!r}, expected one of {listed}. Copy the file to this machine.")
    return scheme


def is_store(text: str) -> bool:
    """Whether an address is of a store of objects, which can list what it has. Raises as `require_plain` does."""
    return require_plain(text) not in _WEB | _REGISTRY


class StoreFiles(RemoteFiles):
    """The files of a store of objects, through fsspec, as `Files` of a Source."""

    def __init__(self, text: str, budget: Budget) -> None:
        """Finds the store. Raises SourceError where fsspec, or what it needs for the store, is not installed."""
        try:
            import fsspec
        except ImportError:
            raise not_installed(text) from None
        self._budget = budget
        self._scheme = text.partition("://")[0]
        self._root = PurePath(text).parts[:2]
        self._store: Any = self._ask(text, lambda: fsspec.core.url_to_fs(text)[0])
        self._sizes: dict[str, int | None] = {}

    def _url(self, path: PurePath) -> str:
        # A PurePath makes one slash of the two behind a scheme.
        return f"{self._scheme}://{path.as_posix().removeprefix(f'{self._scheme}:').lstrip('/')}"

    def _ask(self, url: str, question: Callable[[], Found]) -> Found:
        """The answer of the store, within the time there is. Raises SourceError where it gives none."""
        with translated(url):
            return within(self._budget.seconds_left(url), question, self._budget.too_slow(url))

    def kind(self, path: PurePath, /) -> FileKind | None:
        """What lies there; None where nothing does. Raises SourceError where the store does not answer."""
        if path.parts[:2] != self._root:
            # Above the bucket: another one, which nobody named.
            return None
        url = self._url(path)
        try:
            found = self._ask(url, lambda: self._store.info(url))
        except (FileNotFoundError, NotADirectoryError):
            return None
        if found.get("type") == "directory":
            return "folder"
        self._sizes[url] = found.get("size")
        return "file"

    def names(self, folder: PurePath, /) -> list[str]:
        """The names in a folder, sorted."""
        url = self._url(folder)
        try:
            found = self._ask(url, lambda: self._store.ls(url, detail=False))
        except (FileNotFoundError, NotADirectoryError):
            return []
        if len(found) > MAX_NAMES:
            raise SourceError(url, f"more than {MAX_NAMES} entries, expected a model. Name a folder in it.")
        return sorted(name.rstrip("/").rpartition("/")[2] for name in found)

    def matching(self, pattern: PurePath) -> list[str]:
        """The addresses of the files that a pattern names, as a shell reads it and with `**` for folders, sorted."""
        url = self._url(pattern)
        found = self._ask(url, lambda: self._store.glob(url, detail=True))
        if len(found) > MAX_NAMES:
            raise SourceError(url, f"more than {MAX_NAMES} files. Name fewer.")
        # A store leaves out of a name what the address says of it, such as its account.
        files = (name.lstrip("/").partition("/")[2] for name, told in found.items() if told.get("type") == "file")
        return sorted(self._url(PurePath(*self._root, name)) for name in files)

    def _content(self, path: PurePath) -> RemoteContent:
        """The content of a file, which may be empty."""
        url = self._url(path)
        if url not in self._sizes and self.kind(path) != "file":
            raise SourceError(url, "no such file. Check the path.")
        size = self._sizes[url]
        if size is None:
            raise SourceError(url, "a file whose store does not tell its size. Copy it to this machine.")

        def fetch(start: int, stop: int) -> bytes:
            found = bytes(self._ask(url, lambda: self._store.cat_file(url, start=start, end=stop)))
            self._budget.take(len(found), url)
            # A store that knows no ranges gives the whole file.
            return found[start:stop] if len(found) == size > stop - start else found

        return RemoteContent(fetch, url, size)
