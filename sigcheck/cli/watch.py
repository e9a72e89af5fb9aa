"""Watch: a lint whenever the config, or a file that it names, is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from glob import has_magic
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigcheck.cli.output import complain
from sigcheck.schema.errors import SigcheckError, UsageError
from sigcheck.schema.system_error import system_words

if TYPE_CHECKING:
    from sigcheck.config.config import Config

# A file is written in parts: so long nothing else must change, in milliseconds.
_QUIET = 300


def watch_project(load: Callable[[], Config], run: Callable[[], int]) -> int:
    """Runs now, and after each change until it is interrupted. Returns the exit code of the last run.

    What goes wrong in a run is told, and the next change waited for. Raises as `load` does where the config is broken
    from the start, and UsageError where the extra is missing, or the folder cannot be watched.
    """
    try:
        from watchfiles import DefaultFilter, watch
    except ModuleNotFoundError:
        raise UsageError("--watch", "needs an extra: pip install 'sigcheck[watch]'.") from None
    # Of a config that is none nobody knows what is to be watched.
    known = load()
    code = _run(run)
    ignored = DefaultFilter()

    def is_of_project(change: object, path: str) -> bool:
        return ignored(change, path) and any(_is_within(Path(path), one) for one in _files(known))  # type: ignore[arg-type]  # a Change, whose class the extra has

    changes = watch(known.folder.absolute(), watch_filter=is_of_project, debounce=_QUIET, raise_interrupt=False)
    while _is_changed(changes, known.folder):
        click.clear()
        # The run says what is wrong; then what was named before is watched.
        with suppress(SigcheckError):
            known = load()
        code = _run(run)
    return code


def _is_changed(changes: Iterator[object], folder: Path) -> bool:
    """Waits for a change; False where it is interrupted. Raises UsageError where the system cannot watch the folder."""
    try:
        return next(changes, None) is not None
    except OSError as error:
        raise UsageError(str(folder), f"cannot be watched: {system_words(error)}. Watch a smaller folder.") from None


def _run(run: Callable[[], int]) -> int:
    try:
        code = run()
    except SigcheckError as error:
        for one in error.each:
            complain(str(one))
        code = 2
    complain("watching; Ctrl-C ends it")
    sys.stdout.flush()
    return code


def _files(config: Config) -> Iterator[Path]:
    """The config, its lock, and what it names within its folder: sources, samples, examples and adapters.

    Of a glob it is the folders before it.
    """
    from sigcheck.project.lock_file import FILE

    folder = config.folder.absolute()
    yield config.path.absolute()
    yield folder / FILE
    for model in config.entries.models.values():
        yield folder / model.source.partition("#")[0]
        if model.data is not None:
            yield folder.joinpath(*takewhile(lambda part: not has_magic(part), Path(model.data).parts))
    for link in config.links:
        for name in (link.adapter, link.example):
            if name is not None:
                yield folder / name


def _is_within(path: Path, place: Path) -> bool:
    return path == place or place in path.parents
