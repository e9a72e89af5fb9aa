"""Source: what the user names, opened as far as a look at its kind and its first bytes.

Readers touch files only through a Source and the Content it gives, so that a source in a
bucket or behind a URL is the same type of thing as one on the disk: it has other Files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sigcheck.encodings.content import Content
from sigcheck.encodings.files import HEAD_BYTES, LOCAL_FILES, FileKind, Files, LocalFiles
from sigcheck.encodings.trace import told_more
from sigcheck.schema.address import is_address, masked
from sigcheck.schema.budget import allow_size
from sigcheck.schema.errors import SourceError

if TYPE_CHECKING:
    from sigcheck.encodings.reach import Reach

# A larger local file is mapped and not copied.
_SMALL_BYTES = 2**16

# A mark of the order of bytes, and blanks.
_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True)
class Source:
    """A file or folder that the user named.

    `text` is what the user wrote; `selector` what stands behind its last `#`, unless the
    whole text is a path that exists; `place` the text without the selector and without the
    credentials of an address, which messages call it by; `head` the first 16 bytes, b"" for a folder.
    """

    text: str
    place: str
    path: PurePath
    selector: str | None = None
    is_directory: bool = False
    head: bytes = b""
    files: Files = field(default=LOCAL_FILES, repr=False)
    # Each format looks into a file to recognize it: a small one is read once, and whole.
    _kept: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def parse(cls, text: str | os.PathLike[str], files: Files = LOCAL_FILES, reach: Reach | None = None) -> Source:
        """The source that a text such as `model/#serving_default` names.

        The text is a person's or a program's own: an address is opened, within `reach`, which is what naming
        it allows unless given. What a file says is opened by `Permission.source`. Raises SourceError where
        nothing is there, or where it cannot be read.
        """
        written = os.fspath(text)
        if not isinstance(written, str):
            raise SourceError(repr(written), "a path of bytes, expected text. Decode it with os.fsdecode.")
        if files is LOCAL_FILES and is_address(written):
            from sigcheck.encodings.remote import open_remote

            told_more()
            files = open_remote(written, reach)
        path = PurePath(written)
        if written and (kind := files.kind(path)) is not None:
            return cls._of(written, None, path, kind, files)
        before, mark, selector = written.rpartition("#")
        if mark and before and (kind := files.kind(PurePath(before))) is not None:
            return cls._of(before, selector or None, PurePath(before), kind, files)
        raise SourceError((before or written) or "''", f"no such file or folder. {_hint(before or written, files)}")

    @classmethod
    def _of(cls, place: str, selector: str | None, path: PurePath, kind: FileKind, files: Files) -> Source:
        text = f"{place}#{selector}" if selector else place
        if is_address(place):
            place = masked(place)
        if kind == "folder":
            return cls(text, place, path, selector, is_directory=True, files=files)
        if not isinstance(files, LocalFiles):
            return cls(text, place, path, selector, head=files.head(path), files=files)
        start = files.start(path, _SMALL_BYTES + 1)
        source = cls(text, place, path, selector, head=start[:HEAD_BYTES], files=files)
        if 0 < len(start) <= _SMALL_BYTES:
            source._kept["content"] = start
        return source

    @contextmanager
    def content(self) -> Iterator[Content]:
        """The bytes of the file. Raises SourceError where it is empty, a folder, or cannot be read."""
        kept = self._kept.get("content")
        if kept is not None:
            allow_size(len(kept))
            yield kept
            return
        with self.files.open(self.path) as content:
            allow_size(len(content))
            yield content

    def has_key(self, key: str, most: int) -> bool:
        """Whether it is a file that begins as a JSON object does, with this key, or text, in its first bytes."""
        if self.is_directory or self.head.lstrip(_BEFORE_JSON)[:1] != b"{":
            return False
        with self.content() as content:
            return f'"{key}"'.encode() in bytes(content[:most])

    def names(self) -> list[str]:
        """The names in the folder, sorted; none for a file."""
        return self.files.names(self.path) if self.is_directory else []

    def has(self, name: str) -> bool:
        """Whether the folder has a file or folder of this name. False for a file."""
        return self.is_directory and self.files.kind(self.path / name) is not None

    def child(self, name: str) -> Source | None:
        """The file or folder of this name in the folder, or None. The selector stays."""
        path = self.path / name
        kind = self.files.kind(path) if self.is_directory else None
        if kind is None:
            return None
        own = self.text.removesuffix(f"#{self.selector}") if self.selector else self.text
        return self._of(f"{own.rstrip('/')}/{name}", self.selector, path, kind, self.files)

    def folder(self) -> Source | None:
        """The folder that it lies in; None where its path does not say."""
        own = self.text.removesuffix(f"#{self.selector}") if self.selector else self.text
        path = self.path.parent
        if self.path.name in {"", ".."} or path == self.path or self.files.kind(path) != "folder":
            return None
        return self._of(own.rstrip("/").rpartition("/")[0] or str(path), self.selector, path, "folder", self.files)


def _hint(written: str, files: Files) -> str:
    """What to do about a path that is not there. No store is listed for it."""
    from sigcheck.encodings.near_path import near_path

    meant = near_path(Path(written)) if isinstance(files, LocalFiles) else None
    try:
        # The name of a link that leads out of the folder that may be read tells what is there.
        is_told = meant is not None and files.kind(meant) is not None
    except SourceError:
        is_told = False
    return f"Did you mean {meant}?" if is_told else "Check the path."
