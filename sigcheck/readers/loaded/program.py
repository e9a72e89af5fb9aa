"""Programs: where the code lies that a model is loaded with, found without importing any of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path

from sigcheck.schema.errors import UsageError
from sigcheck.schema.loading import Loading
from sigcheck.schema.value import Value


class Program(Value):
    """What a process that loads a model is told of its code.

    `search` are folders from which the modules of `imports` are imported, `files` what of them has to be seen.
    """

    imports: tuple[str, ...] = ()
    lambdas: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def find_program(loading: Loading) -> Program:
    """The code that a model is loaded with. Raises UsageError for a module that is nowhere."""
    root = os.path.abspath(loading.root or os.curdir)  # noqa: PTH100  # links stay as they are
    found = [path for name in _packages(loading) for path in _of(name, root)]
    search = tuple(dict.fromkeys(os.path.dirname(path) for path in found))  # noqa: PTH120  # texts for a process
    return Program(imports=loading.imports, lambdas=loading.lambdas, search=search, files=tuple(found))


def find_own_files(loading: Loading) -> list[str]:
    """What of the code lies in the folder itself, alike on every machine; what is nowhere in it is left out."""
    root = os.path.abspath(loading.root or os.curdir)  # noqa: PTH100  # links stay as they are
    specs = [PathFinder.find_spec(name, _places(root)) for name in _packages(loading)]
    return [path for spec in specs if spec is not None for path in _files(spec)]


def _packages(loading: Loading) -> list[str]:
    return list(dict.fromkeys(one.partition(".")[0] for one in loading.imports))


def _places(root: str) -> list[str]:
    """Where the code of a project lies: in its folder, or in `src` there."""
    return [root, os.path.join(root, "src")]  # noqa: PTH118  # texts for a finder


def _of(name: str, root: str) -> list[str]:
    # In the order in which the process that loads it finds them.
    spec = _installed(name) or PathFinder.find_spec(name, _places(root))
    if spec is None:
        problem = f"no module of this name, expected an installed one or one in {root}"
        raise UsageError(f"import {name}", f"{problem}. Check the name, or install it.")
    return [*_files(spec)]


def _files(spec: ModuleSpec) -> Iterator[str]:
    """The file or folders of a module that is in no package."""
    if spec.submodule_search_locations is not None:
        yield from (os.path.abspath(folder) for folder in spec.submodule_search_locations)  # noqa: PTH100  # links stay as they are
    elif spec.origin is not None and Path(spec.origin).is_file():
        yield os.path.abspath(spec.origin)  # noqa: PTH100  # links stay as they are


def _installed(name: str) -> ModuleSpec | None:
    try:
        # Of a module that is in no package this imports nothing.
        return find_spec(name)
    except (ImportError, ValueError):
        return None
