"""Keras v3 files: a zip of `config.json` and weights, of which only the config is read.

Inputs have the names of `model.input_names` and outputs those of `model.output_names`,
or the keys of the dicts that the model takes and gives: what one feeds and sees in Keras.
(`model.export` calls the outputs that have no key output_0, output_1.)
"""

from __future__ import annotations

from typing import Any

from sigcheck.readers.json_bytes import parse_bytes
from sigcheck.readers.source import Source
from sigcheck.schema.signature import Model

NAME = "keras"
ACCEPTS = "a .keras file"

_CONFIG = "config.json"
_ZIP_HEAD = b"PK\x03\x04"

# The configs of the largest published models have some 2 MB; parsed, JSON takes up to
# twenty times its size in memory.
MAX_CONFIG_BYTES = 16 << 20


def recognizes(source: Source) -> bool:
    """Whether it is a zip with a `config.json`, or claims to be one by its name."""
    if not source.head.startswith(_ZIP_HEAD):
        return False
    if source.path.suffix == ".keras":
        return True
    from sigcheck.readers.archive import open_archive

    with source.content() as content, open_archive(content) as archive:
        return _CONFIG in archive.namelist()


def read(source: Source) -> Model:
    """The signature under the key `default`. Raises ValueError or KeyError where the file is broken."""
    from sigcheck.readers.keras_config.model import read_config

    signatures, notes = read_config(read_data(source))
    return Model(source=source.text, reader=NAME, signatures=signatures, notes=notes)


def read_data(source: Source) -> Any:
    """The config as JSON values. Raises as `read` does."""
    from sigcheck.readers.archive import open_archive, read_member

    with source.content() as content, open_archive(content) as archive:
        if _CONFIG not in archive.namelist():
            raise ValueError("a zip without config.json")
        written = read_member(archive, _CONFIG, MAX_CONFIG_BYTES)
    return parse_bytes(written)
