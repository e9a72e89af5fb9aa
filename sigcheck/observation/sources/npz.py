"""Arrays by name, as `numpy.savez` and `savez_compressed` write them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from sigcheck.encodings.archive import METHODS
from sigcheck.observation.array_file import columns
from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Batch
from sigcheck.schema.errors import SourceError

NAME = "npz"
SUFFIXES: tuple[str, ...] = (".npz",)
HEEDS: tuple[str, ...] = ()

# No pipeline has as many tensors.
_MOST_ARRAYS = 10_000
_SUFFIX = ".npy"


def batches(file: BinaryIO, place: str, asked: Asked) -> Iterator[Batch]:
    """The rows of each array, one array behind the other."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > _MOST_ARRAYS:
                raise SourceError(place, f"{len(members)} arrays, expected at most {_MOST_ARRAYS}. Check the file.")
            for member in members:
                name = member.filename.removesuffix(_SUFFIX)
                if not asked.wants(name):
                    yield Batch({}, None, others=(name,))
                    continue
                if member.compress_type not in METHODS:
                    found = f"{member.filename!r} is compressed in another way"
                    raise SourceError(place, f"no .npz file: {found}. Write it with numpy.savez.")
                with archive.open(member) as stream:
                    for column in columns(cast("BinaryIO", stream), f"{place}:{member.filename}"):
                        yield Batch({name: column}, None)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise SourceError(place, f"no .npz file: {error}. Write it with numpy.savez.") from None
