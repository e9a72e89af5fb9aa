"""How each kind of file is read, as the commands do: by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sigcheck
from sigcheck.certificates.read import read_certificate
from sigcheck.cli.declarations import read_facts
from sigcheck.config.load import load_config
from sigcheck.project.adapter_file import compare_adapter
from sigcheck.project.baseline import read_baseline
from sigcheck.project.lock_file import read_lock

EXPECTED = '"""Adapter: a -> b. Written by `sigcheck adapt`.\n"""\n'
PROJECT_FILES: dict[str, Callable[[Path], object]] = {
    "sigcheck.toml": load_config,
    "pyproject.toml": load_config,
    "sigcheck.lock": read_lock,
    "facts.toml": read_facts,
    "facts.json": read_facts,
    "baseline.json": read_baseline,
    "adapter.certificate.json": read_certificate,
    "adapter.py": lambda path: compare_adapter(path, EXPECTED),
}


def read_as(name: str, path: Path) -> object:
    """Reads a model with what its graph shows, or a file of a project."""
    reader = PROJECT_FILES.get(name)
    return sigcheck.read(path, infer=True) if reader is None else reader(path)
