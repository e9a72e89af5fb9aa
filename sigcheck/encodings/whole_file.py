"""Whole file: the bytes of a small file that the user named, never more than it may have.

What a path names can block for ever or have no end: a pipe that nobody writes to, `/dev/zero`.
"""

from __future__ import annotations

import os
import stat
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from sigcheck.encodings.trace import told_file, told_more
from sigcheck.schema.errors import SourceError


def require_file(path: str | PathLike[str], what: str) -> None:
    """Raises SourceError for a pipe or a device, and OSError where nothing is; `what` is expected there."""
    _require(os.stat(path).st_mode, path, what)  # noqa: PTH116  # texts and paths alike


def open_regular(path: str | PathLike[str], what: str) -> BinaryIO:
    """A file that can be read to its end, open for reading; `what` is what is expected there.

    Raises SourceError for a pipe or a device, which opening does not wait for, and OSError as opening does.
    """
    try:
        file = _open_regular(path, what)
    except (FileNotFoundError, NotADirectoryError):
        told_file(path, None)
        raise
    except (OSError, ValueError, SourceError):
        told_more()
        raise
    told_file(path, file)
    return file


def _open_regular(path: str | PathLike[str], what: str) -> BinaryIO:
    require_file(path, what)
    # Between the look and the opening another may come to lie there.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _require(os.fstat(descriptor).st_mode, path, what)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _require(mode: int, path: str | PathLike[str], what: str) -> None:
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise SourceError(str(path), f"a pipe or device, expected {what}. Save it to a file first.")


def read_whole(path: Path, most_bytes: int, what: str) -> bytes:
    """The bytes of a file of at most `most_bytes`, whole MiB; `what` is what is expected there, as in "a config".

    Raises SourceError for a pipe, a device or a larger file, and OSError as opening it does.
    """
    with open_regular(path, what) as file:
        # What the system says of the size is not asked: files of /proc have none, and a log grows.
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise SourceError(str(path), f"over {most_bytes >> 20} MiB, expected {what}. Check the path.")
    return content
