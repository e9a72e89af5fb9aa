"""What is an HDF5 file."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "keras_h5"
ORDER = 40
ACCEPTS = "a Keras .h5 file"

# The superblock's first bytes (HDF5 File Format Specification, II.A).
_HEAD = b"\x89HDF\r\n\x1a\n"


def recognizes(source: Source) -> bool:
    """Whether it is an HDF5 file."""
    return source.head.startswith(_HEAD)
