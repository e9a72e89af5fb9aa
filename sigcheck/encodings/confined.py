"""Confined: files of one folder, from which no `..`, absolute path or link leads out.

What a repository names is opened through this. Each step of a path is looked at before it is taken, so
that of a file outside not even its existence is told: the answer is the same whether it is there.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path, PurePath

from sigcheck.encodings.content import Content
from sigcheck.encodings.files import FileKind, LocalFiles
from sigcheck.encodings.trace import told_more, told_place
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.printable import shortened
from sigcheck.schema.system_error import system_words, unreadable

# As Linux follows at most (path_resolution(7)).
_MOST_LINKS = 40
# Names in a folder of Git, where a file is no content of the repository but a part of its machinery.
_GIT = ".git"


class LeavesError(Exception):
    """A path that leads out of the folder."""


def confine(folder: str | os.PathLike[str], path: str | os.PathLike[str]) -> Path:
    """Where a path leads, links followed, as a path without links. Raises LeavesError where it leads out of the folder.

    A relative path is one from the current folder. What is not there leads where it would be. What lies in
    `.git` is no part of the folder: it is the machinery around it, and may hold the tokens of a checkout.
    """
    return Path(_confine((os.path.abspath(folder), os.path.realpath(folder)), path))  # noqa: PTH100  # links stay as they are


def confine_all(folder: str | os.PathLike[str], paths: Iterable[str]) -> Iterator[str]:
    """The same of many paths, one after the other."""
    roots = os.path.abspath(folder), os.path.realpath(folder)  # noqa: PTH100  # links stay as they are
    for path in paths:
        yield _confine(roots, path)


def _confine(roots: tuple[str, str], path: str | os.PathLike[str]) -> str:
    """The same, of a folder as it is named and as it lies with all links followed."""
    try:
        place = _followed(roots, path)
    except (LeavesError, OSError, ValueError):
        told_more()
        raise
    told_place(roots[0], path, place)
    return place


def _followed(roots: tuple[str, str], path: str | os.PathLike[str]) -> str:
    top, root = roots
    steps = _steps(os.path.abspath(path), (top, root))[::-1]  # noqa: PTH100  # links stay as they are
    at, links = root, 0
    while steps:
        step = steps.pop()
        if step == os.pardir:
            if at == root:
                raise LeavesError
            at = os.path.dirname(at)  # noqa: PTH120  # a text: a path object would lose `..`
            continue
        if step.lower() == _GIT:
            raise LeavesError
        place = os.path.join(at, step)  # noqa: PTH118  # a text keeps `..`
        if not os.path.islink(place):  # noqa: PTH114  # asked of a text
            at = place
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        target = os.readlink(place)  # noqa: PTH115  # as a text, which keeps `..`
        if os.path.isabs(target):  # noqa: PTH117  # asked of a text
            steps += _steps(target, (top, root))[::-1]
            at = root
        else:
            steps += _parts(target)[::-1]
    return at


def is_within(folder: str | os.PathLike[str], path: str | os.PathLike[str]) -> bool:
    """Whether a path leads to a place in the folder, links followed."""
    try:
        confine(folder, path)
    except (LeavesError, OSError, ValueError):
        return False
    return True


def _steps(path: str, roots: tuple[str, str]) -> list[str]:
    """The steps from the folder to an absolute path in it."""
    for root in roots:
        begin = root.rstrip(os.sep) + os.sep
        if path == root or path.startswith(begin):
            return _parts(path[len(begin) :])
    raise LeavesError


def _parts(path: str) -> list[str]:
    if os.altsep is None:
        # As PurePath takes it apart, in a tenth of the time.
        return [part for part in path.split(os.sep) if part not in {"", os.curdir}]  # noqa: PTH206  # a text keeps `..`
    return [part for part in PurePath(path).parts if part != os.sep]


class ConfinedFiles(LocalFiles):
    """The files of this machine that lie in one folder, links followed. Raises SourceError for all others."""

    def __init__(self, folder: str | os.PathLike[str], problem: str) -> None:
        """`problem` is what is said of a path that leads out of the folder."""
        self._roots = os.path.abspath(folder), os.path.realpath(folder)  # noqa: PTH100  # links stay as they are
        self._problem = problem

    def _inside(self, path: PurePath | str) -> str:
        try:
            return _confine(self._roots, path)
        except LeavesError:
            raise SourceError(str(path), self._problem) from None
        except OSError as error:
            raise SourceError(str(path), unreadable(error)) from None
        except ValueError:
            # A name that no file can have: the kind of it, asked for next, is none.
            return str(path)

    def kind(self, path: PurePath | str, /) -> FileKind | None:
        """What lies there; None where nothing does."""
        return super().kind(self._inside(path))

    def names(self, folder: PurePath | str, /) -> list[str]:
        """The names in a folder, sorted."""
        return super().names(self._inside(folder))

    def start(self, path: PurePath | str, length: int, /) -> bytes:
        """So many bytes from the start of a file, or as many as it has."""
        return super().start(self._inside(path), length)

    def open(self, path: PurePath | str, /) -> AbstractContextManager[Content]:
        """The content of a file, memory-mapped."""
        return super().open(self._inside(path))


def require_writable(folder: Path, path: str | os.PathLike[str]) -> None:
    """Raises UsageError where a file of this name, from the folder, would be written outside it or through a link."""
    place = str(path)
    # `..` goes as it stands in the text, so that nothing is asked of a folder outside.
    steps = PurePath(os.path.relpath(os.path.normpath(folder / path), os.path.normpath(folder))).parts
    if not steps or steps[0] == os.pardir or PurePath(*steps).is_absolute():
        raise UsageError(place, f"outside {_shown(folder)}, where nothing is written. Name a file in it.")
    at = folder
    for step in steps:
        if step.lower() == _GIT:
            raise UsageError(place, "in a folder of Git, where nothing is written. Name another file.")
        at /= step
        if os.path.islink(at):  # noqa: PTH114  # Path.is_symlink raises for names that are too long
            raise UsageError(place, f"leads through the link {step}, which is not followed. Delete it.")


def require_named(path: Path) -> None:
    """Raises UsageError where a place that a person named is a link, or leads out of the current folder by one.

    A link in a repository is anybody's: whoever names `report.json` does not name what it points at.
    An absolute path, and one with `..` or `.git` in it, is followed up to its last part.
    """
    if "\0" in str(path):
        raise UsageError(str(path), "holds a NUL, which no name of a file has. Correct it.")
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise UsageError(shortened(str(path)), "a name longer than a file may have. Shorten it.") from None
        # In a folder that lets nobody in, nothing can be asked of what is there.
        problem = f"cannot be written: {system_words(error)}. Name another file, or mend the folder."
        raise UsageError(str(path), problem) from None
    if os.path.islink(path):  # noqa: PTH114  # Path.is_symlink raises for names that are too long
        raise UsageError(str(path), "a link, which is not followed. Name the place that it leads to.")
    if path.is_absolute() or not {os.pardir, _GIT}.isdisjoint(path.parts):
        return
    if not is_within(Path(), path):
        raise UsageError(str(path), "leads out of this folder by a link. Name the place that it leads to.")


def _shown(folder: Path) -> str:
    return "this folder" if folder == Path() else f"the folder {folder}"
