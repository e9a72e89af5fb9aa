"""What may be a signature file: JSON, YAML or TOML, told by the suffix; other formats that are JSON come before."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "signature_file"
ORDER = 70
ACCEPTS = "a signature file (.json, .yaml, .toml)"

SUFFIXES = (".json", ".yaml", ".yml", ".toml")


def recognizes(source: Source) -> bool:
    """By its suffix, or a JSON object without one. Other formats that are JSON must be asked before."""
    if source.is_directory:
        return False
    return source.path.suffix.lower() in SUFFIXES or (not source.path.suffix and source.head.lstrip()[:1] == b"{")
