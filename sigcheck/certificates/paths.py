"""Paths: where what belongs to an adapter file stands beside it."""

from __future__ import annotations

from pathlib import Path

SUFFIX = ".certificate.json"
COUNTEREXAMPLE_SUFFIX = ".counterexample.npz"


def certificate_path(adapter: Path) -> Path:
    """Where the certificate of an adapter file stands: `scale.certificate.json` beside `scale.py`."""
    return adapter.with_name(adapter.stem + SUFFIX)
