"""Versions of what a proof depends on."""

from __future__ import annotations

import sys

# What results depend on, as their distributions are called.
_DISTRIBUTIONS = {
    "sigcheck": ("sigcheck",),
    "numpy": ("numpy",),
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tf-nightly", "tensorflow-macos", "tensorflow-intel"),
    "keras": ("keras",),
}


def versions_now() -> dict[str, str]:
    """The versions that are installed here, by the names of a certificate."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name, distributions in _DISTRIBUTIONS.items():
        for distribution in distributions:
            try:
                found[name] = version(distribution)
            except PackageNotFoundError:
                continue
            break
    return found
