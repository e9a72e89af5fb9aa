"""What is a Keras v3 file: a zip with a `config.json`, or a `.keras` file."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "keras"
ORDER = 30
ACCEPTS = "a .keras file"

CONFIG = "config.json"
_ZIP_HEAD = b"PK\x03\x04"


def recognizes(source: Source) -> bool:
    """Whether it is a zip with a `config.json`, or claims to be one by its name."""
    if not source.head.startswith(_ZIP_HEAD):
        return False
    if source.path.suffix == ".keras":
        return True
    from sigcheck.encodings.archive import open_archive

    with source.content() as content, open_archive(content) as archive:
        return CONFIG in archive.namelist()
