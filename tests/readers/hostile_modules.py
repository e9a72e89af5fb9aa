"""Hostile modules: what each format has, beside its tests, to be tried with files that are broken or made to be large.

`tests/readers/NAME/hostile.py` has `SEEDS`, files by their names that are mutated, and `GENERATORS`, which make
others (`tests/fuzz/hostile/generator.py`).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType


def hostile_modules() -> list[ModuleType]:
    """Those that are there."""
    found = sorted(Path(__file__).parent.glob("*/hostile.py"))
    return [import_module(f"tests.readers.{path.parent.name}.hostile") for path in found]
