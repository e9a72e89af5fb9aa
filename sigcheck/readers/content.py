"""Content: the bytes of one file, read by ranges, so that gigabytes are stepped over.

Readers see a file only through this view. A local file is memory-mapped; whatever else
can give ranges of bytes (a remote file, a zip member) takes the same form.
"""

from __future__ import annotations

import mmap
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sigcheck.schema.errors import SourceError

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
        with path.open("rb") as file:
            # mmap refuses an empty file with a ValueError.
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                yield mapped
    except FileNotFoundError:
        raise SourceError(str(path), "no such file. Check the path.") from None
    except IsADirectoryError:
        raise SourceError(str(path), "a folder, expected a file. Name a file in it.") from None
    except ValueError as error:
        if path.stat().st_size == 0:
            raise SourceError(str(path), "an empty file, expected a model. Export or copy it again.") from None
        raise error from None
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}. Check its permissions.") from None
