"""Watch: a lint whenever the config, or a file that it names, is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigcheck.cli.output import complain
from sigcheck.schema.errors import SigcheckError, UsageError

if TYPE_CHECKING:
    from sigcheck.config.config import Config

# A file is written in parts: so long nothing else must change, in milliseconds.
_QUIET = 300


def watch_project(load: Callable[[], Config], run: Callable[[], int]) -> int:
    """Runs now, and after each change until it is interrupted. Returns the exit code of the last run.

    What goes wrong in a run is told, and the next change waited for. Raises UsageError where the extra is missing, or
    the folder cannot be watched.
    """
    try:
        from watchfiles import DefaultFilter, watch
    except ModuleNotFoundError:
        raise UsageError("--watch", "needs an extra: pip install 'sigcheck[watch]'.") from None
    try:
        config: Config | None = load()
    except SigcheckError:
        config = None
    code = _run(run)
    if config is None:
        # Nobody knows yet what is to be watched.
        return code
    ignored = DefaultFilter()
    known = config

    def is_of_project(change: object, path: str) -> bool:
        return ignored(change, path) and any(_is_within(Path(path), one) for one in _files(known))  # type: ignore[arg-type]  # a Change, whose class the extra has

    try:
        for _ in watch(known.folder.absolute(), watch_filter=is_of_project, debounce=_QUIET, raise_interrupt=False):
            click.clear()
            try:
                known = load()
            except SigcheckError:
                # The run says what is wrong; what was named before is watched.
                known = config
            config = known
            code = _run(run)
    except OSError as error:
        raise UsageError(str(known.folder), f"cannot be watched: {error}. Watch a smaller folder.") from None
    return code


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
    """The config, its lock, and what it names within its folder: sources, samples, examples and adapters."""
    from sigcheck.project.lock_file import FILE

    folder = config.folder.absolute()
    yield config.path.absolute()
    yield folder / FILE
    for model in config.entries.models.values():
        yield folder / model.source.partition("#")[0]
        if model.data is not None:
            # A glob: the folders before it.
            yield folder / model.data.partition("*")[0].rpartition("/")[0]
    for link in config.links:
        for name in (link.adapter, link.example):
            if name is not None:
                yield folder / name


def _is_within(path: Path, place: Path) -> bool:
    return path == place or place in path.parents
