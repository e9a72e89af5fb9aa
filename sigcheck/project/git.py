"""Git: the one place that runs it, on a repository that a stranger may have made.

Git obeys the configuration that lies in a repository: it names programs to run. So it is asked for
objects by their names only (`rev-parse`, `cat-file`), which run no hook, filter, textconv, external
diff or pager, and everything by which these two could start or reach something else is off: a folder
that is only shaped like a bare repository is none, what a partial clone lacks is not fetched, and of
the environment's own words to Git none counts.
https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import IO
from weakref import finalize

from sigcheck.encodings.trace import told_more
from sigcheck.process.program import find_program
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import system_words

# In seconds, for everything that is asked of one revision: Git answers from its own files.
TIMEOUT = 60.0
# The answer to a question of one line, and what Git says of an error.
_MOST_TEXT = 64 * 2**10
# The longest name of a revision that is meant seriously.
_LONGEST_REVISION = 512

# Said on the command line, which counts more than any file.
_SETTINGS: Mapping[str, str] = {
    "safe.bareRepository": "explicit",
    "protocol.allow": "never",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.sshCommand": "false",
    "core.askPass": "",
    "credential.helper": "",
    "diff.external": "",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
}
# GIT_ALLOW_PROTOCOL counts more than `protocol.file.allow = always` in the repository's own file.
_ENVIRONMENT: Mapping[str, str] = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# It only narrows where a repository is looked for.
_KEPT = "GIT_CEILING_DIRECTORIES"


class GitSession:
    """One revision of the repository that a folder lies in, and the objects that are read of it.

    Time is limited for all questions together. Raises SourceError where Git is not installed, the
    folder is in no repository or in one that is bare, or there is no such revision.
    """

    def __init__(self, folder: Path, revision: str) -> None:
        require_revision(revision)
        told_more()
        self._revision = revision
        self._folder = folder
        self._left = TIMEOUT
        self.commit = self._ask("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
        self._objects: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Ends Git; a later question starts it again."""
        if self._objects is not None:
            _end(self._objects)
            self._objects = None

    def prefix(self) -> str:
        """The path of the folder from the top of the repository, with slashes, "" for the top itself."""
        return self._ask("rev-parse", "--show-prefix").removesuffix("\n")

    def read(self, name: str, most_bytes: int) -> tuple[str, bytes] | None:
        """Kind and content of an object, None where there is none; `name` is its hash, which may end in ^{tree}.

        Raises SourceError where it is larger than `most_bytes`, whole MiB, or Git does not answer.
        """
        if self._objects is None:
            self._objects = self._start("cat-file", "--batch", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
            # Kills what is left of it when nobody holds the session any more.
            finalize(self, _end, self._objects)
        process = self._objects
        with _Watch(process, self):
            try:
                _pipe(process.stdin).write(f"{name}\n".encode())
                _pipe(process.stdin).flush()
                head = _pipe(process.stdout).readline(_MOST_TEXT).decode("ascii", "replace").split()
                if head[-1:] == ["missing"]:
                    return None
                kind, size = head[-2], int(head[-1])
                if size > most_bytes:
                    raise self._error(f"an object of over {most_bytes >> 20} MiB. Check it out, and name its path.")
                content = _pipe(process.stdout).read(size + 1)
            except (OSError, ValueError, IndexError):
                raise self._error(self._silence()) from None
            except SourceError:
                # What it goes on to send is nobody's answer.
                self.close()
                raise
        if len(content) != size + 1:
            raise self._error(self._silence())
        return kind, content[:-1]

    def _ask(self, *arguments: str) -> str:
        """The answer to a question of one line."""
        process = self._start(*arguments, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        with _Watch(process, self):
            try:
                answer = _pipe(process.stdout).read(_MOST_TEXT)
                said = _pipe(process.stderr).read(_MOST_TEXT)
            finally:
                _pipe(process.stdout).close()
                _pipe(process.stderr).close()
                code = process.wait()
        if self._left <= 0:
            raise self._error(self._silence())
        if code:
            text = said.decode("utf-8", "replace").strip().removeprefix("fatal: ").partition("\n")[0]
            raise self._error(f"{text or 'not found'}, expected a Git revision. Check revision and path.")
        return answer.decode("utf-8", "surrogateescape")

    def _start(self, *arguments: str, stdin: int, stderr: int) -> subprocess.Popen[bytes]:
        _require_no_bare_repository(self._folder, self._revision)
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        try:
            return subprocess.Popen(  # noqa: S603  # no shell; no part is an option that was not written here
                [_program(self._revision, self._folder), "--no-pager", *settings, *arguments],
                cwd=self._folder,
                env=_environment(),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        except OSError as error:
            raise self._error(f"Git cannot be run: {system_words(error)}. Check its installation.") from None
        except ValueError:
            raise self._error("Git cannot be asked for it: a name with a NUL. Check the revision.") from None

    def spend(self, seconds: float) -> None:
        """Counts time that Git took."""
        self._left -= seconds

    @property
    def left(self) -> float:
        """The seconds that are left for questions."""
        return max(0.0, self._left)

    def _silence(self) -> str:
        if self._left <= 0:
            return f"Git gave no answer in {TIMEOUT:g} s. Check the repository."
        return "Git ended without an answer. Check the repository with `git fsck`."

    def _error(self, problem: str) -> SourceError:
        return SourceError(self._revision, problem)


class _Watch:
    """Kills a process when the time of its session is over."""

    def __init__(self, process: subprocess.Popen[bytes], session: GitSession) -> None:
        self._session = session
        self._timer = Timer(session.left, process.kill)
        self._start = 0.0

    def __enter__(self) -> None:
        self._start = time.monotonic()
        self._timer.daemon = True
        self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._session.spend(time.monotonic() - self._start)


def require_revision(revision: str) -> None:
    """Raises SourceError for what is an option, or asks Git to search, instead of naming a revision."""
    advice = "expected a Git revision. Write it like HEAD or origin/main."
    if revision.startswith("-"):
        raise SourceError(revision, f"an option, {advice}")
    is_search = ":" in revision or "^{/" in revision
    if is_search or not revision.isprintable() or not revision or len(revision) > _LONGEST_REVISION:
        raise SourceError(f"{revision[:80]!r}", f"no name of a revision, {advice}")


def _require_no_bare_repository(folder: Path, revision: str) -> None:
    """Raises SourceError where Git would take a folder without .git for the repository.

    Such a folder can be committed into any repository, with a configuration of its own. Git before 2.38
    knows nothing of safe.bareRepository.
    """
    place = folder.resolve()
    for one in (place, *place.parents):
        if os.path.lexists(one / ".git"):
            return
        is_whole = (one / "objects").is_dir() and (one / "refs").is_dir()
        if os.path.lexists(one / "HEAD") and (is_whole or os.path.lexists(one / "commondir")):
            problem = f"{one} has the shape of a bare repository, and is not trusted. Run it in a checkout."
            raise SourceError(revision, problem)


def _program(revision: str, folder: Path) -> str:
    found = find_program("git", folder)
    if found is None:
        raise SourceError(revision, "Git is not installed, and a revision needs it. Install it.")
    return found


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_") or name == _KEPT}
    return {**own, **_ENVIRONMENT}


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("a process without pipes")
    return stream


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        # What was to be written has no reader any more.
        with suppress(OSError):
            if stream is not None:
                stream.close()
    process.wait()
