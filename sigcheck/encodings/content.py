"""Content: the bytes of one file, read by ranges, so that gigabytes are stepped over.

Readers see a file only through this view. A local file is memory-mapped; whatever else
can give ranges of bytes (a remote file, a zip member) takes the same form.
"""

from __future__ import annotations

import mmap
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sigcheck.encodings.whole_file import open_regular
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator


class Content(Protocol):
    """Bytes with a length and slices; `bytes`, `memoryview` and `mmap` are Contents."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes | memoryview: ...


@contextmanager
def open_content(path: Path) -> Iterator[Content]:
    """The content of a local file.

    Raises SourceError where the file is missing, is a folder, is empty or cannot be read.
    """
    try:
        mapped = _map(path)
    except FileNotFoundError:
        raise SourceError(str(path), "no such file. Check the path.") from None
    except IsADirectoryError:
        raise SourceError(str(path), "a folder, expected a file. Name a file in it.") from None
    except OSError as error:
        raise SourceError(str(path), unreadable(error)) from None
    # What goes wrong in the reader is the reader's to tell, so it stands outside the try.
    with mapped:
        yield mapped


def _map(path: Path) -> mmap.mmap:
    with open_regular(path, "a file or folder") as file:
        # mmap refuses an empty file with a ValueError that says nothing of the file.
        if os.fstat(file.fileno()).st_size == 0:
            raise SourceError(str(path), "an empty file, expected a model. Export or copy it again.")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
