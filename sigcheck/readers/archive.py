"""Members of a zip file, read within bounds: a few kilobytes can unpack to gigabytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sigcheck.readers.content import Content
from sigcheck.readers.content_file import ContentFile

if TYPE_CHECKING:
    from zipfile import ZipFile

# The end record without its comment, and the longest comment (APPNOTE.TXT 4.3.16).
_END_BYTES = 22
_LONGEST_COMMENT = 0xFFFF
_END_MARK = b"PK\x05\x06"

# These say that the number stands in another record: a file of over 4 GiB.
_ZIP64_ENTRIES = 0xFFFF
_ZIP64_BYTES = 0xFFFFFFFF

# zipfile keeps every entry of the directory in memory. A model has a handful.
MAX_ENTRIES = 10_000


@contextmanager
def open_archive(content: Content) -> Iterator[ZipFile]:
    """The zip file in the content, which may have other bytes before it.

    Raises zipfile.BadZipFile where there is none and ValueError where it has more than
    MAX_ENTRIES members.
    """
    import zipfile

    tail = bytes(content[max(0, len(content) - _END_BYTES - _LONGEST_COMMENT) :])
    mark = tail.rfind(_END_MARK)
    entries = int.from_bytes(tail[mark + 10 : mark + 12], "little") if mark >= 0 else 0
    directory_bytes = int.from_bytes(tail[mark + 12 : mark + 16], "little") if mark >= 0 else 0
    # No entry of the directory is smaller than 46 bytes, and names are short.
    if _ZIP64_ENTRIES > entries > MAX_ENTRIES or _ZIP64_BYTES > directory_bytes > MAX_ENTRIES * 256:
        raise ValueError(f"a zip of more than {MAX_ENTRIES} members")
    with zipfile.ZipFile(ContentFile(content)) as archive:
        yield archive


def read_member(archive: ZipFile, name: str, limit: int) -> bytes:
    """The bytes of one member.

    Raises KeyError where there is none of that name and ValueError where it unpacks to
    more than `limit` bytes.
    """
    with archive.open(name) as member:
        data = member.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{name} unpacks to more than {limit >> 20} MiB")
    return data
