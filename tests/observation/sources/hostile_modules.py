"""Hostile modules: what each source of data has to be tried with, as `tests/readers/hostile_modules.py` says it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType


def hostile_modules() -> dict[str, ModuleType]:
    """Those that are there, by the name of the source."""
    found = sorted(Path(__file__).parent.glob("*/hostile.py"))
    return {path.parent.name: import_module(f"tests.observation.sources.{path.parent.name}.hostile") for path in found}
