"""How each kind of file is read, as the commands do: by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sigcheck
from sigcheck.certificates.read import read_bytes, read_certificate
from sigcheck.cli.declarations import read_facts
from sigcheck.config.load import load_config
from sigcheck.planning.example import read_example
from sigcheck.project.adapter_file import compare_adapter
from sigcheck.project.baseline import read_baseline
from sigcheck.project.lock_file import read_lock
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.verification.counterexample import unpack

EXPECTED = '"""Adapter: a -> b. Written by `sigcheck adapt`.\n"""\n'
CASE = [Endpoint(name="x", spec=parse_spec("float64[?]")), Endpoint(name="r", spec=parse_spec("ragged int64[?, None]"))]
PROJECT_FILES: dict[str, Callable[[Path], object]] = {
    "sigcheck.toml": load_config,
    "pyproject.toml": load_config,
    "sigcheck.lock": read_lock,
    "facts.toml": read_facts,
    "facts.json": read_facts,
    "baseline.json": read_baseline,
    "adapter.certificate.json": read_certificate,
    "adapter.py": lambda path: compare_adapter(path, EXPECTED),
    "example.npz": read_example,
    "case.npz": lambda path: unpack(str(path), read_bytes(path, "a counterexample"), CASE),
}


def read_as(name: str, path: Path) -> object:
    """Reads a model with what its graph shows, a file of a project, or data: files that are called so."""
    if name.startswith("data."):
        return sigcheck.observe(path)
    reader = PROJECT_FILES.get(name)
    return sigcheck.read(path, infer=True) if reader is None else reader(path)
