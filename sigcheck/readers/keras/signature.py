"""Keras v3 files: a zip of `config.json` and weights, of which only the config is read.

Inputs have the names of `model.input_names` and outputs those of `model.output_names`,
or the keys of the dicts that the model takes and gives: what one feeds and sees in Keras.
(`model.export` calls the outputs that have no key output_0, output_1.)
"""

from __future__ import annotations

from typing import Any

from sigcheck.encodings.json_bytes import parse_bytes
from sigcheck.encodings.source import Source
from sigcheck.readers.keras.recognize import CONFIG, NAME
from sigcheck.schema.signature import Model

# The configs of the largest published models have some 2 MB; parsed, JSON takes up to
# twenty times its size in memory.
MAX_CONFIG_BYTES = 16 << 20


def read(source: Source) -> Model:
    """The signature under the key `default`. Raises ValueError or KeyError where the file is broken."""
    from sigcheck.readers.keras.config.model import read_config

    signatures, notes = read_config(read_data(source))
    return Model(source=source.text, reader=NAME, signatures=signatures, notes=notes)


def read_data(source: Source) -> Any:
    """The config as JSON values. Raises as `read` does."""
    from sigcheck.encodings.archive import open_archive, read_member

    with source.content() as content, open_archive(content) as archive:
        if CONFIG not in archive.namelist():
            raise ValueError("a zip without config.json")
        written = read_member(archive, CONFIG, MAX_CONFIG_BYTES)
    return parse_bytes(written)
