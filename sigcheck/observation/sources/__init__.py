"""Sources of data: one kind of file per module. Nothing in a file is executed or unpickled.

A source says by `SUFFIXES` which files are its own, and gives their rows batch by batch. One that only copies them,
from the begin of the file to its end, says so by `IS_COPIED = True`: its file is hashed as it is read. Others take
longer, so that the file is read for its hash at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch
from sigcheck.schema.catalog import Catalog


class DataReader(Protocol):
    """The module of a source."""

    NAME: str
    # How the names of its files end, with the dot.
    SUFFIXES: tuple[str, ...]
    # The fields of Asked that say how it is read: others cannot be meant for it.
    HEEDS: tuple[str, ...]

    def batches(self, file: BinaryIO, place: str, asked: Asked, /) -> Iterator[Batch]:
        """The rows of a file that can be read and sought in, in batches of bounded size.

        `asked` is how it is to be read, such as the name of a tensor that has none in the file. Raises SourceError at
        `place` where the file is broken, after all rows that are whole.
        """


SOURCES: Catalog[DataReader] = Catalog(__name__)


def reader_of(path: str) -> DataReader | None:
    """The source whose file this is, by how its name ends; None where it is none's."""
    lower = path.lower()
    return next((one for one in SOURCES.values() if lower.endswith(one.SUFFIXES)), None)
