"""Placement: a file or folder written beside its place and moved there once it is whole."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sigcheck.encodings.confined import require_named
from sigcheck.schema.errors import UsageError
from sigcheck.schema.system_error import system_words

# What a folder that sigcheck wrote holds: at its top, or where a SavedModel has room for it.
MARKER_FILE = "sigcheck.json"
MARKER_FOLDER = "assets.extra"
# What a Keras file, which is a zip, says in its comment.
MARKER_COMMENT = b"Written by sigcheck"


@contextmanager
def placed(target: Path, *, force: bool = False) -> Iterator[Path]:
    """A path to write to, of the name of the target; what is there at the end takes the target's place.

    What was there before is kept until then, and kept for good where something goes wrong.
    Raises UsageError where the target is there and sigcheck did not write it, unless `force`
    is set, and where it cannot be written.
    """
    check_place(target, force=force)
    target = Path(os.path.realpath(target))
    try:
        beside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:64]}.", suffix=".part"))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        new = beside / target.name
        yield new
        _swap(new, target, beside / "before")
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_place(target: Path, *, force: bool) -> None:
    """Raises UsageError where something is there that sigcheck did not write, or no folder that could hold it."""
    require_named(target)
    target = Path(os.path.realpath(target))
    if os.path.lexists(target) and not force and not is_own(target):
        raise UsageError(str(target), "is there already, and sigcheck did not write it. Overwrite it with --force.")
    if not os.path.isdir(target.parent):  # noqa: PTH112  # Path raises for names that are too long
        raise UsageError(str(target), f"in no folder that exists, {target.parent} is none. Make it, or name another.")


def _swap(new: Path, target: Path, before: Path) -> None:
    if not new.exists():
        raise FileNotFoundError(2, "nothing was written", str(new))
    if not os.path.lexists(target):
        new.rename(target)
        return
    if new.is_file() and target.is_file():
        new.replace(target)
        return
    # A folder cannot be replaced by another in one call.
    target.rename(before)
    try:
        new.rename(target)
    except OSError:
        before.rename(target)
        raise


def is_own(path: Path) -> bool:
    """Whether sigcheck wrote this folder or Keras file; an empty folder is nobody's."""
    if path.is_dir():
        with suppress(OSError):
            return not any(path.iterdir()) or any(
                place.is_file() for place in (path / MARKER_FILE, path / MARKER_FOLDER / MARKER_FILE)
            )
        return False
    if not path.is_file():
        # Opening a pipe waits for whoever writes to it.
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == MARKER_COMMENT
    except (OSError, zipfile.BadZipFile, ValueError):
        return False


def mark_archive(path: Path) -> None:
    """Marks a zip as written by sigcheck. Nothing that reads a Keras file looks at the comment."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = MARKER_COMMENT


def mark_folder(folder: Path, content: object) -> None:
    """Marks a folder as written by sigcheck, and says in it what it was made of."""
    folder.mkdir(exist_ok=True)
    (folder / MARKER_FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _unwritable(target: Path, error: OSError) -> UsageError:
    problem = f"cannot be written: {system_words(error)}. Name another place, or mend the folder."
    return UsageError(str(target), problem)
