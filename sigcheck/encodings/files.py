"""Where files lie: the local disk here, and what every other place of files must be able to do."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import AbstractContextManager
from pathlib import Path, PurePath
from typing import Literal, Protocol

from sigcheck.encodings.content import Content, open_content
from sigcheck.encodings.trace import told_kind, told_more, told_names
from sigcheck.encodings.whole_file import open_regular
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words, unreadable

FileKind = Literal["file", "folder"]

# Long enough for every signature of a format that a reader looks for (HDF5 and zip need 8 and 4 bytes).
HEAD_BYTES = 16

# A folder of more entries is no model, and listing it would take the time of a search.
MAX_NAMES = 100_000


class Files(Protocol):
    """Where files lie: the local disk, or a store that can list folders and give ranges of bytes."""

    def kind(self, path: PurePath, /) -> FileKind | None:
        """What lies there; None where nothing does. Raises SourceError where that cannot be said."""

    def names(self, folder: PurePath, /) -> list[str]:
        """The names in a folder, at most MAX_NAMES, sorted."""

    def head(self, path: PurePath, /) -> bytes:
        """The first HEAD_BYTES bytes of a file, or as many as it has."""

    def open(self, path: PurePath, /) -> AbstractContextManager[Content]:
        """The content of a file that is not empty."""


class LocalFiles:
    """The files of this machine."""

    def kind(self, path: PurePath | str, /) -> FileKind | None:
        """What lies there. A pipe or a device is refused: reading one may never end."""
        try:
            found = self._kind(path)
        except SourceError:
            told_more()
            raise
        told_kind(path, found)
        return found

    def _kind(self, path: PurePath | str) -> FileKind | None:
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116  # Path.exists hides or raises by Python version
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        except OSError as error:
            # A path with names of outputs behind it may be longer than any name of a file.
            if error.errno == errno.ENAMETOOLONG:
                return None
            raise SourceError(str(path), unreadable(error)) from None
        if stat.S_ISDIR(mode):
            return "folder"
        if stat.S_ISREG(mode):
            return "file"
        raise SourceError(str(path), "a pipe or device, expected a file or folder. Save it to a file first.")

    def names(self, folder: PurePath | str, /) -> list[str]:
        """The names in a folder, sorted."""
        found: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    found.append(entry.name)
                    if len(found) > MAX_NAMES:
                        break
        except OSError as error:
            told_more()
            raise SourceError(str(folder), f"cannot be listed: {system_words(error)}. Check its permissions.") from None
        if len(found) > MAX_NAMES:
            told_more()
            raise SourceError(str(folder), f"more than {MAX_NAMES} entries, expected a model. Name a folder in it.")
        found.sort()
        told_names(folder, found)
        return found

    def head(self, path: PurePath | str, /) -> bytes:
        """The first bytes of a file."""
        return self.start(path, HEAD_BYTES)

    def start(self, path: PurePath | str, length: int, /) -> bytes:
        """So many bytes from the start of a file, or as many as it has: a small file is read once, and whole."""
        try:
            with open_regular(path, "a file or folder") as file:
                return file.read(length)
        except OSError as error:
            raise SourceError(str(path), unreadable(error)) from None

    def open(self, path: PurePath | str, /) -> AbstractContextManager[Content]:
        """The content of a file, memory-mapped."""
        return open_content(Path(path))


LOCAL_FILES = LocalFiles()
