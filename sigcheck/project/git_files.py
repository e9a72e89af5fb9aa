"""The files of a Git revision, read as if they were on the disk: nothing is checked out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

from sigcheck.encodings.content import Content
from sigcheck.encodings.files import HEAD_BYTES, MAX_NAMES, FileKind
from sigcheck.project.git import GitSession
from sigcheck.schema.errors import SourceError

# A file of a revision is read whole into memory.
MAX_BYTES = 256 * 2**20
# All files and folders of one revision together.
MAX_SUM = 2**30
# A folder of MAX_NAMES entries, at some hundred bytes each.
_MOST_TREE = 16 * 2**20
# As Linux follows of them on one path.
_MOST_LINKS = 40
# The kinds of entries of a tree: https://git-scm.com/docs/git-fast-import#_filemodify
_FOLDER, _LINK = "40000", "120000"
_FILES = frozenset({"100644", "100755", "100664"})


# Mode and hash by name, as they are written: a folder has them by the thousand, and mostly one is asked for.
_Tree = dict[bytes, tuple[bytes, bytes]]


class _Entry(NamedTuple):
    mode: str
    name: str

    @classmethod
    def of(cls, mode: bytes, digest: bytes) -> _Entry:
        """The entry that is written so."""
        return cls(mode.decode("ascii", "replace"), digest.hex())


def _name(called: bytes) -> str:
    return called.decode("utf-8", "surrogateescape")


class GitFiles:
    """The files of one revision of the repository that the folder lies in. Paths are relative to the repository.

    Links are followed within the revision, and lead nowhere outside it. Raises SourceError where Git is
    not installed, the folder is in no repository, or the revision does not exist.
    """

    def __init__(self, folder: Path, revision: str) -> None:
        self._revision = revision
        self._session = GitSession(folder, revision)
        self._trees: dict[str, _Tree] = {}
        self._last: tuple[str, bytes] = ("", b"")
        self._sum = 0
        self.commit = self._session.commit

    def close(self) -> None:
        """Ends Git; what is asked later starts it again."""
        self._session.close()

    def path(self, text: str) -> str:
        """A path as Git takes it behind a revision: from the top of the repository, or with a dot from the folder."""
        if not text.startswith("."):
            return text
        return self.inside(text) if text in {".", ".."} or text.startswith(("./", "../")) else text

    def inside(self, text: str) -> str:
        """A path from the folder as one from the top of the repository; one that leads above it ends there.

        The parts of it are only names: links are followed when it is opened.
        """
        parts: list[str] = []
        for part in (self._session.prefix() + text).split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in {"", "."}:
                parts.append(part)
        return "/".join(parts)

    def kind(self, path: PurePath, /) -> FileKind | None:
        """What the revision has there."""
        entry = self._find(path)
        if entry is None:
            return None
        return "folder" if entry.mode == _FOLDER else "file" if entry.mode in _FILES else None

    def names(self, folder: PurePath, /) -> list[str]:
        """The names in a folder, sorted."""
        entry = self._find(folder)
        if entry is None or entry.mode != _FOLDER:
            raise SourceError(self._object(folder), "not there, expected a folder. Check revision and path.")
        return sorted(map(_name, self._tree(entry.name, folder)))

    def folders(self, folder: PurePath) -> list[str]:
        """The names of the folders in a folder, sorted; links are none."""
        entry = self._find(folder)
        tree = {} if entry is None or entry.mode != _FOLDER else self._tree(entry.name, folder)
        return sorted(_name(called) for called, one in tree.items() if _Entry.of(*one).mode == _FOLDER)

    def head(self, path: PurePath, /) -> bytes:
        """The first bytes of a file."""
        return self.content(path)[:HEAD_BYTES]

    @contextmanager
    def open(self, path: PurePath, /) -> Iterator[Content]:
        """The content of a file."""
        content = self.content(path)
        if not content:
            raise SourceError(self._object(path), "an empty file, expected a model. Name another revision.")
        yield content

    def content(self, path: PurePath) -> bytes:
        """The bytes of a file. Raises SourceError where there is none, or it is too large."""
        entry = self._find(path)
        if entry is None or entry.mode not in _FILES:
            raise SourceError(self._object(path), "not there, expected a file. Check revision and path.")
        # A reader looks at the first bytes, and then opens the file.
        if entry.name != self._last[0]:
            self._last = (entry.name, self._read(entry.name, "blob", MAX_BYTES, path))
        return self._last[1]

    def _find(self, path: PurePath) -> _Entry | None:
        """The entry that a path leads to, links followed; None where it leads to nothing."""
        waiting = [*reversed(PurePosixPath(path).parts)]
        way: list[_Entry] = []
        links = 0
        root = _Entry(_FOLDER, f"{self.commit}^{{tree}}")
        while waiting:
            part = waiting.pop()
            if part == "..":
                if not way:
                    return None
                way.pop()
                continue
            here = way[-1] if way else root
            found = self._entry(here, part, path)
            if found is None:
                return None
            if found.mode != _LINK:
                way.append(found)
                continue
            links += 1
            target = self._read(found.name, "blob", _MOST_TREE, path).decode("utf-8", "surrogateescape")
            if links > _MOST_LINKS or target.startswith("/"):
                return None
            waiting += [one for one in reversed(target.split("/")) if one not in {"", "."}]
        return way[-1] if way else root

    def _entry(self, folder: _Entry, name: str, path: PurePath) -> _Entry | None:
        """The entry of this name in a folder; None where there is none, or it is no folder."""
        if folder.mode != _FOLDER:
            return None
        try:
            called = name.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            # Half of a character: no file has it in its name.
            return None
        written = self._tree(folder.name, path).get(called)
        return None if written is None else _Entry.of(*written)

    def _tree(self, name: str, path: PurePath) -> _Tree:
        """The entries of a folder: `mode name NUL hash`, one after the other."""
        if name not in self._trees:
            content = self._read(name, "tree", _MOST_TREE, path)
            width = len(self.commit) // 2
            entries: _Tree = {}
            at = 0
            while at < len(content):
                end = content.index(b"\0", at)
                mode, _, called = content[at:end].partition(b" ")
                at = end + 1 + width
                entries[called] = mode, content[end + 1 : at]
            if len(entries) > MAX_NAMES:
                raise SourceError(self._object(path), f"more than {MAX_NAMES} entries. Name a folder in it.")
            self._trees[name] = entries
        return self._trees[name]

    def _read(self, name: str, kind: str, most_bytes: int, path: PurePath) -> bytes:
        try:
            found = self._session.read(name, min(most_bytes, MAX_SUM - self._sum))
        except SourceError as error:
            raise SourceError(self._object(path), error.problem) from None
        if found is None or found[0] != kind:
            # Of a partial or shallow clone.
            raise SourceError(self._object(path), "not in this clone, expected the object. Fetch it with Git first.")
        self._sum += len(found[1])
        return found[1]

    def _object(self, path: PurePath) -> str:
        return f"{self._revision}:{PurePosixPath(path) if path.parts else ''}"
