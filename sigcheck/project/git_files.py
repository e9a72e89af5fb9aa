"""The files of a Git revision, read as if they were on the disk: nothing is checked out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath, PurePosixPath

from sigcheck.readers.content import Content
from sigcheck.readers.source import HEAD_BYTES, FileKind
from sigcheck.schema.errors import SourceError

# In seconds. Git answers from its own files; only a partial clone fetches from elsewhere.
_TIMEOUT = 60.0
# A file of a revision is read whole into memory.
MAX_BYTES = 2**30
_KINDS: dict[str, FileKind] = {"blob": "file", "tree": "folder"}


class GitFiles:
    """The files of one revision of the repository that the folder lies in. Paths are relative to the repository.

    Raises SourceError where Git is not installed, the folder is in no repository, or the revision
    does not exist.
    """

    def __init__(self, folder: Path, revision: str) -> None:
        self._folder = folder
        self._revision = revision
        if revision.startswith("-"):
            raise SourceError(revision, "an option, expected a Git revision. Write it like HEAD:models/encoder.")
        self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", expected="a Git revision")

    def kind(self, path: PurePath, /) -> FileKind | None:
        """What the revision has there."""
        answer = self._run("cat-file", "-t", self._object(path))
        return _KINDS.get(answer.stdout.decode().strip()) if answer.returncode == 0 else None

    def names(self, folder: PurePath, /) -> list[str]:
        """The names in a folder, sorted."""
        listed = self._git("ls-tree", "-z", "--name-only", self._object(folder), expected="a folder")
        return sorted(name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name)

    def head(self, path: PurePath, /) -> bytes:
        """The first bytes of a file."""
        return self._content(path)[:HEAD_BYTES]

    @contextmanager
    def open(self, path: PurePath, /) -> Iterator[Content]:
        """The content of a file."""
        content = self._content(path)
        if not content:
            raise SourceError(self._object(path), "an empty file, expected a model. Name another revision.")
        yield content

    def _content(self, path: PurePath) -> bytes:
        size = self._git("cat-file", "-s", self._object(path), expected="a file")
        if int(size) > MAX_BYTES:
            raise SourceError(self._object(path), f"over {MAX_BYTES >> 20} MiB. Check it out, and name its path.")
        return self._git("cat-file", "blob", self._object(path), expected="a file")

    def _object(self, path: PurePath) -> str:
        return f"{self._revision}:{PurePosixPath(path) if path.parts else ''}"

    def _git(self, *arguments: str, expected: str) -> bytes:
        answer = self._run(*arguments)
        if answer.returncode:
            said = answer.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").partition("\n")[0]
            raise SourceError(self._revision, f"{said or 'not found'}, expected {expected}. Check revision and path.")
        return answer.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603  # no shell; the revision cannot be an option
                ["git", *arguments],  # noqa: S607  # the Git that the user's shell finds
                cwd=self._folder,
                capture_output=True,
                check=False,
                timeout=_TIMEOUT,
            )
        except FileNotFoundError:
            raise SourceError(self._revision, "Git is not installed, and a revision needs it. Install it.") from None
        except (OSError, ValueError) as error:
            raise SourceError(self._revision, f"Git cannot be run: {error}. Check the revision.") from None
        except subprocess.TimeoutExpired:
            raise SourceError(self._revision, f"Git gave no answer in {_TIMEOUT:g} s. Try again.") from None


def repository_path(folder: Path, path: str) -> str:
    """A path as Git takes it behind a revision: from the top of the repository.

    One that begins with a dot is meant from the folder.

    >>> repository_path(Path("/anywhere"), "models/encoder")
    'models/encoder'
    """
    if not path.startswith((".", "..")) or path.startswith(".git"):
        return path
    answer = subprocess.run(
        ["git", "rev-parse", "--show-prefix"],  # noqa: S607  # the Git that the user's shell finds
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=_TIMEOUT,
    )
    parts: list[str] = []
    for part in (answer.stdout.decode("utf-8", "surrogateescape").strip() + path).split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)
