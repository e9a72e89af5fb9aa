"""Custom objects: the modules that a person named, imported. In the process that loads models only."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from sigcheck.readers.loaded.program import Program


def import_modules(program: Program) -> dict[str, Any]:
    """Imports the modules, and gives their classes and functions by their names, those of the last module last.

    What a module has of other packages is none of its own. Raises what importing raises, and ValueError with what to
    do where a module wants one that is not seen here.
    """
    # Python and its packages come first: a folder may hold files of any name.
    sys.path.extend(folder for folder in program.search if folder not in sys.path)
    objects: dict[str, Any] = {}
    for name in program.imports:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            told = f"{name} cannot be imported: no module {error.name!r} is seen there"
            raise ValueError(f"{told}. Name it as one to import too, or install it") from error
        package = name.partition(".")[0]
        for own, value in vars(module).items():
            is_own = str(getattr(value, "__module__", "")).partition(".")[0] == package
            if is_own and callable(value) and not own.startswith("_"):
                objects[own] = value
    return objects
