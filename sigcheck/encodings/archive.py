"""Members of a zip file, read within bounds: a few kilobytes can unpack to gigabytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from sigcheck.encodings.content import Content
from sigcheck.encodings.content_file import ContentFile
from sigcheck.schema.budget import spend

if TYPE_CHECKING:
    from zipfile import ZipFile

# zipfile keeps every entry of the directory in memory. A model has a handful.
MAX_ENTRIES = 10_000
# No entry of the directory is smaller than 46 bytes, and names are short.
_ENTRY_BYTES = 256
_STEPS_OF_ENTRY = 20
# Of looking for the directory, and of one member: a file may have the same one opened a million times.
_STEPS_OF_ARCHIVE, _STEPS_OF_MEMBER = 80, 40
_BYTES_OF_STEP = 50
_PART_BYTES = 1 << 20
# Of the flags of a member: it is encrypted.
_ENCRYPTED = 1
# What writers of models use. The others may ask for gigabytes before they give a byte.
METHODS = frozenset({0, 8})


@contextmanager
def open_archive(content: Content) -> Iterator[ZipFile]:
    """The zip file in the content, which may have other bytes before it.

    Raises zipfile.BadZipFile where there is none and ValueError where it has more than
    MAX_ENTRIES members.
    """
    import zipfile

    # The directory is read at once, whatever the records at the end say of it; members are read in pieces.
    spend(_STEPS_OF_ARCHIVE)
    too_many = f"a zip of more than {MAX_ENTRIES} members"
    with zipfile.ZipFile(ContentFile(content, MAX_ENTRIES * _ENTRY_BYTES, too_many)) as archive:
        count = len(archive.filelist)
        if count > MAX_ENTRIES:
            raise ValueError(too_many)
        spend(_STEPS_OF_ENTRY * count)
        yield archive


def read_member(archive: ZipFile, name: str, limit: int) -> bytes:
    """The bytes of one member.

    Raises KeyError where there is none of that name and ValueError where it unpacks to
    more than `limit` bytes.
    """
    with _opened(archive, name) as member:
        data = member.read(limit + 1)
    spend(len(data) // _BYTES_OF_STEP)
    if len(data) > limit:
        raise ValueError(f"{name} unpacks to more than {limit >> 20} MiB")
    return data


def read_in_parts(archive: ZipFile, name: str) -> Iterator[bytes]:
    """Yields the bytes of one member, of whatever size, some at a time. Raises KeyError where there is none."""
    with _opened(archive, name) as member:
        while part := member.read(_PART_BYTES):
            spend(len(part) // _BYTES_OF_STEP)
            yield part


def _opened(archive: ZipFile, name: str) -> IO[bytes]:
    spend(_STEPS_OF_MEMBER)
    info = archive.getinfo(name)
    if info.compress_type not in METHODS:
        raise ValueError(f"{name} is compressed in a way that no writer of models uses")
    if info.flag_bits & _ENCRYPTED:
        raise ValueError(f"{name} is encrypted")
    return archive.open(name)
