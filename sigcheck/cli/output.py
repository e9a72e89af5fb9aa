"""Output: text to stdout, lines to stderr, whole files or none."""

from __future__ import annotations

import os
import re
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from sigcheck.schema.address import masked
from sigcheck.schema.errors import UsageError
from sigcheck.schema.printable import printable
from sigcheck.schema.system_error import system_words

if TYPE_CHECKING:
    from sigcheck.reports.parts.page import Page

# Where stdout is no terminal: what logs and pull requests show without scrolling.
_PLAIN_WIDTH = 80
# All of a terminal is used; no screen has more columns.
_MOST_WIDTH = 1000
# Whoever built the site of the documentation says where it is: reports then link to it.
DOCS_VARIABLE = "SIGCHECK_DOCS"
_ADDRESS = re.compile(r"https?://[^\s/?#]+(?:/[^\s?#]*)?")
_STANDARD = (Path("/dev/stdout"), Path("/dev/stderr"))


def page(*, is_verbose: bool = False, is_quiet: bool = False) -> Page:
    """The page that stdout is: its width, and colours only on a terminal that wants them."""
    from sigcheck.reports.parts.page import Page

    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    width = min(_MOST_WIDTH, _columns()) if is_terminal else _PLAIN_WIDTH
    # https://no-color.org: present and not empty.
    has_colour = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Page(width=width, has_colour=has_colour, is_verbose=is_verbose, is_quiet=is_quiet, docs=_docs())


def file_page(*, is_verbose: bool = False) -> Page:
    """The page that a file is: a fixed width, and no colours."""
    from sigcheck.reports.parts.page import Page

    return Page(is_verbose=is_verbose, docs=_docs())


def _docs() -> str:
    """Where a site of the documentation is, as the environment says; empty where it says nothing.

    Raises UsageError for what is no address of a page.
    """
    given = os.environ.get(DOCS_VARIABLE, "")
    if given and (not _ADDRESS.fullmatch(given) or not given.isprintable()):
        expected = f"expected an address like https://docs.example.com/sigcheck/. Correct it, or unset {DOCS_VARIABLE}."
        raise UsageError(DOCS_VARIABLE, f"found {printable(given)!r}, {expected}")
    return given if not given or given.endswith("/") else f"{given}/"


def _columns() -> int:
    # Brings the archive modules with it, which a check in a pipe does not need.
    import shutil

    return shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns


def say(text: str) -> None:
    """Writes the text and a newline to stdout; nothing for an empty one.

    What the encoding of stdout lacks is written as an escape.
    """
    if not text:
        return
    if sys.stdout is None:
        raise UsageError("stdout", "closed, expected a place to write to. Leave it open, or send it to a file.")
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        # The reader has seen enough, as `head` does; the exit code is still that of the check.
        silence(sys.stdout)
    except OSError as error:
        silence(sys.stdout)
        raise UsageError("stdout", f"cannot be written: {system_words(error)}. Send it elsewhere.") from error


def complain(text: str) -> None:
    """Writes one line to stderr: control characters in it, from names and paths, as escapes."""
    tell(printable(masked(f"sigcheck: {text}")))


def tell(text: str) -> None:
    """Writes the text and a newline to stderr; where that is closed, nobody wants to know."""
    try:
        if text and sys.stderr is not None:
            _write(sys.stderr, text)
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Lets a stream that failed end in nothing.

    Python flushes it once more when it ends, and would complain about the closed pipe
    (docs.python.org/3/library/signal.html, note on SIGPIPE).
    """
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()


def write_whole(path: Path, text: str | bytes) -> None:
    """Writes a file whole or not at all: beside its place first, then moved there.

    A link is not followed, and the permissions of a file that is there are kept. What is no file, as
    /dev/null or a pipe, is written to and never replaced. Raises UsageError where it cannot be written.
    """
    import tempfile

    content = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    if require_place(path):
        _write_into(path, content)
        return
    beside = ""
    try:
        target = Path(os.path.realpath(path.parent), path.name)
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
        descriptor, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:64]}.", suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(mode)
        Path(beside).replace(target)
    except OSError as error:
        if beside:
            with suppress(OSError):
                Path(beside).unlink(missing_ok=True)
        problem = f"cannot be written: {system_words(error)}. Name another file, or mend the folder."
        raise UsageError(str(path), problem) from error
    except BaseException:
        if beside:
            with suppress(OSError):
                Path(beside).unlink(missing_ok=True)
        raise


def require_place(path: Path) -> bool:
    """Whether bytes go through what is there; raises UsageError where no file can be written there.

    Asked before the work whose result is to be written, too: nobody waits for a proof to learn that.
    """
    if _is_stream(path):
        return True
    from sigcheck.encodings.confined import require_named

    require_named(path)
    if path.is_dir():
        raise UsageError(str(path), "a folder, expected a file. Name a file in it.")
    if not path.parent.is_dir():
        raise UsageError(str(path), f"no folder {path.parent} to write into, expected one. Make it, or name another.")
    return False


def require_place_of_facts(path: Path, *, force: bool) -> None:
    """The same of a file of facts; raises UsageError too where one is that may be somebody's, unless `force` is set."""
    if not require_place(path) and path.exists() and not force:
        problem = "is there already, and may hold facts that somebody wrote. Overwrite it with --force."
        raise UsageError(str(path), problem)


def _is_stream(path: Path) -> bool:
    """Whether bytes go through what is there, rather than stay: a pipe, a terminal, /dev/null."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    if stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
        raise UsageError(str(path), "a disk or socket, expected a file. Name another.")
    # What a shell has sent to a file is such a link: the file is meant, and was named by whoever ran the shell.
    is_standard = path in _STANDARD and stat.S_ISREG(mode)
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode) or is_standard


def _write_into(path: Path, content: bytes) -> None:
    try:
        # A pipe that nobody reads is refused with this flag, and waited for without it.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0))
        os.set_blocking(descriptor, True)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise UsageError(str(path), f"cannot be written: {system_words(error)}. Name another file.") from error


def _umask() -> int:
    # There is no way to read it but to set it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
